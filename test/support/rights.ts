// What a login can do in a database, found out by trying everything on everything that the catalogue knows: a table
// that a later migration adds is tried too.
import type { Queryable } from '../../server/storage/connect.js'

const REFUSED = '42501'
const DONE = 'BK000'
/** Stands between statements; no statement contains it. */
const BETWEEN = '\u001f'

interface Relation {
  readonly name: string
  /** with its schema, for a login that may not look in there */
  readonly path: string
  readonly kind: 'table' | 'view' | 'sequence' | 'toast'
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

type Act = readonly [verb: string, statement: string]

/** Acts that need several rights and no other. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  lock: ['delete'],
  'select for update': ['select', 'update'],
  'insert returning': ['insert', 'select all'],
  'insert on conflict': ['insert', 'select'],
}

/**
 * Everything the login can do, in sorted order: `verb relation (columns)`, `verb relation` and `execute
 * function(arguments)`. What follows from a right that is listed is left out.
 */
export async function tryEverything(owner: Queryable, login: Queryable): Promise<string[]> {
  const rights: string[] = []
  for (const relation of await listRelations(owner)) {
    const { name, columns } = relation
    const simple = new Set<string>()
    for (const [verb, statement] of columnActs(relation)) {
      const allowed = await tryAll(login, columns.map(statement))
      const may = columns.filter((_, i) => allowed[i])
      if (may.length === 0) continue
      rights.push(`${verb} ${name} (${may.join(', ')})`)
      simple.add(verb)
      if (may.length === columns.length) simple.add(`${verb} all`)
    }
    const acts = wholeActs(relation)
    const allowed = await tryAll(
      login,
      acts.map(([, statement]) => statement),
    )
    const may = acts.map(([verb]) => verb).filter((_, i) => allowed[i])
    for (const verb of may) simple.add(verb)
    const own = may.filter((verb) => !FOLLOWS[verb]?.every((right) => simple.has(right)))
    rights.push(...own.map((verb) => `${verb} ${name}`))
  }
  const functions = await listFunctions(owner)
  const allowed = await tryAll(
    login,
    functions.map(({ call }) => call),
  )
  rights.push(...functions.filter((_, i) => allowed[i]).map(({ name }) => `execute ${name}`))
  return rights.sort()
}

/** Which of the statements are anything but refused. Whatever one did is undone before the next is tried. */
export async function tryAll(login: Queryable, statements: readonly string[]): Promise<boolean[]> {
  await login.query(`select set_config('baken.statements', $1, false)`, [statements.join(BETWEEN)])
  await login.query(`do $try$
    declare
      statement text;
      outcomes text := '';
    begin
      foreach statement in array string_to_array(current_setting('baken.statements'), E'\\x1f') loop
        begin
          execute statement;
          raise exception using errcode = '${DONE}';
        exception when others then
          outcomes := outcomes || sqlstate || ' ';
        end;
      end loop;
      perform set_config('baken.outcomes', outcomes, false);
    end $try$`)
  const { rows } = await login.query<{ outcomes: string }>(
    `select current_setting('baken.outcomes') as outcomes`,
  )
  const outcomes = (rows[0]?.outcomes ?? '').trim().split(' ')
  return statements.map((statement, i) => {
    const outcome = outcomes[i] ?? ''
    // Wrong by itself, a statement would look allowed or refused for ever.
    if (outcome.startsWith('42') && outcome !== REFUSED) throw new Error(`${outcome}: ${statement}`)
    return outcome !== REFUSED
  })
}

function columnActs({ path, kind }: Relation): (readonly [string, (column: string) => string])[] {
  const select = ['select', (column: string) => `select ${column} from ${path} limit 0`] as const
  if (kind !== 'table') return [select]
  return [
    select,
    ['insert', (column) => `insert into ${path} (${column}) values (default)`],
    ['update', (column) => `update ${path} set ${column} = default where false`],
  ]
}

function wholeActs({ path, kind, key, columns }: Relation): Act[] {
  // Where a row lies tells when it came: to see that is a right of its own.
  const see: Act = ['see the order of', `select ctid, xmin from ${path} limit 0`]
  if (kind === 'toast') return [see]
  if (kind === 'view') return [['drop', `drop view ${path} cascade`]]
  if (kind === 'sequence') {
    return [
      see,
      ['advance', `select nextval('${path}')`],
      ['reset', `select setval('${path}', 1)`],
      ['drop', `drop sequence ${path}`],
    ]
  }
  const before = 'before insert on'
  return [
    see,
    ['delete', `delete from ${path} where false`],
    ['truncate', `truncate ${path} cascade`],
    ['lock', `lock table ${path} in access exclusive mode nowait`],
    ['select for update', `select from ${path} limit 0 for update`],
    ['insert returning', `insert into ${path} default values returning ${columns.join(', ')}`],
    ['insert on conflict', `insert into ${path} default values on conflict (${key.join(', ')}) do nothing`],
    ['copy to a file', `copy ${path} to '/tmp/planted'`],
    ['copy from a file', `copy ${path} from '/etc/hostname'`],
    ['copy to a program', `copy ${path} to program 'true'`],
    ['copy from a program', `copy ${path} from program 'true'`],
    ['alter', `alter table ${path} add column planted text`],
    ['drop', `drop table ${path} cascade`],
    ['rename', `alter table ${path} rename to planted`],
    ['own', `alter table ${path} owner to current_user`],
    ['index', `create index on ${path} (${columns[0]})`],
    [
      'trigger',
      `create trigger planted ${before} ${path} execute function suppress_redundant_updates_trigger()`,
    ],
    ['rule', `create rule planted as on insert to ${path} do instead nothing`],
    ['policy', `create policy planted on ${path}`],
    ['comment', `comment on table ${path} is 'planted'`],
    ['reindex', `reindex table ${path}`],
  ]
}

async function listRelations(owner: Queryable): Promise<Relation[]> {
  const { rows } = await owner.query<Relation>(
    `select case when n.nspname = 'public' then quote_ident(c.relname)
         else quote_ident(n.nspname) || '.' || quote_ident(c.relname) end as name,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) as path,
       case c.relkind when 'S' then 'sequence' when 't' then 'toast' when 'v' then 'view' when 'm' then 'view'
         else 'table' end as kind,
       array(select quote_ident(a.attname) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
       array(select quote_ident(a.attname) from pg_index i join pg_attribute a
         on a.attrelid = c.oid and a.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind not in ('i', 'I', 'c') and n.nspname not in ('pg_catalog', 'information_schema')
       and (c.relkind <> 't' or c.oid in (select t.reltoastrelid from pg_class t
         where t.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)))
     order by 1`,
  )
  return rows
}

async function listFunctions(owner: Queryable): Promise<{ name: string; call: string }[]> {
  const { rows } = await owner.query<{ name: string; call: string }>(
    `select p.oid::regprocedure::text as name,
       format('select %I.%I(%s)', n.nspname, p.proname,
         (select string_agg(format('null::%s', format_type(a.type, null)), ', ' order by a.place)
          from unnest(p.proargtypes) with ordinality as a(type, place))) as call
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname not in ('pg_catalog', 'information_schema') and p.prokind <> 'a' order by 1`,
  )
  return rows
}
