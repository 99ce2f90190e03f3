// What `baken doctor` asks of the database. Rights are judged by rules rather than by a list: each table says by the
// classes of its columns what the public side may see of it.
import type { Queryable } from './connect.js'
import { listAppRoles } from './login-roles.js'

const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
const FROM_REPORTERS = ['report', 'report_part', 'queue_item', 'mailbox', 'answer', 'addition']
const ON_COLUMNS = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']

/** The server's settings by name, as a session of the public app's role meets them. */
export async function readServerSettings(owner: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await owner.query<{ name: string; setting: string }>(
    `select s.name, coalesce(
       (select substr(c.setting, strpos(c.setting, '=') + 1)
        from pg_db_role_setting r, unnest(r.setconfig) c (setting)
        where r.setrole = to_regrole('baken_intake')
          and r.setdatabase in (0, (select oid from pg_database where datname = current_database()))
          and split_part(c.setting, '=', 1) = s.name
        order by r.setdatabase desc limit 1),
       s.setting) as setting
     from pg_settings s`,
  )
  return new Map(rows.map(({ name, setting }) => [name, setting]))
}

/** What the roles of the apps own, in any database of the server; they should own nothing. */
export async function listOwnedByRoles(owner: Queryable): Promise<string[]> {
  const { intake, triage } = await listAppRoles(owner)
  const { rows } = await owner.query<{ role: string; objects: number }>(
    `select r.rolname as role, count(*)::integer as objects
     from pg_shdepend d join pg_roles r on r.oid = d.refobjid
     where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname = any ($1)
     group by 1 order by 1`,
    [[...intake, ...triage]],
  )
  return rows.map(({ role, objects }) => `${role} owns ${objects} ${objects === 1 ? 'object' : 'objects'}`)
}

/** Rights of the apps' roles that none of our migrations gives, one phrase each. */
export async function listExtraRights(owner: Queryable): Promise<string[]> {
  const { intake, triage } = await listAppRoles(owner)
  const all = [...intake, ...triage]
  return [
    ...(await listAttributes(owner, all)),
    ...(await listMemberships(owner, all)),
    ...(await listTableRights(owner, intake, isExtraForIntake)),
    ...(await listTableRights(owner, triage, isExtraForTriage)),
    ...(await listPlaces(owner, all)),
    ...(await listOpenFunctions(owner)),
  ]
}

async function listAttributes(owner: Queryable, roles: readonly string[]): Promise<string[]> {
  const { rows } = await owner.query<{ role: string; attribute: string }>(
    `select rolname as role, attribute from pg_roles, lateral (values
       ('is a superuser', rolsuper), ('may make roles', rolcreaterole), ('may make databases', rolcreatedb),
       ('may replicate', rolreplication), ('passes row security', rolbypassrls)) v (attribute, given)
     where rolname = any ($1) and given`,
    [roles],
  )
  return rows.map(({ role, attribute }) => `${role} ${attribute}`)
}

async function listMemberships(owner: Queryable, roles: readonly string[]): Promise<string[]> {
  const { rows } = await owner.query<{ role: string; parent: string }>(
    `select m.rolname as role, p.rolname as parent from pg_auth_members a
     join pg_roles m on m.oid = a.member join pg_roles p on p.oid = a.roleid
     where m.rolname = any ($1) and not starts_with(m.rolname, p.rolname || '_')`,
    [roles],
  )
  return rows.map(({ role, parent }) => `${role} is a member of ${parent}`)
}

interface TableRight {
  readonly table: string
  readonly privilege: string
  /** whether every column is classed `public` */
  readonly open: boolean
  /** whether it is a right on the whole table, not on columns alone */
  readonly whole: boolean
}

async function listTableRights(
  owner: Queryable,
  roles: readonly string[],
  isExtra: (right: TableRight) => boolean,
): Promise<string[]> {
  const { rows } = await owner.query<TableRight & { role: string }>(
    `select role, c.relname as table, privilege, (
       select bool_and(coalesce(col_description(a.attrelid, a.attnum), '') like 'public:%')
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as open,
       has_table_privilege(role, c.oid, privilege) as whole
     from pg_class c, unnest($1::text[]) role, unnest($2::text[]) privilege
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and case
       when privilege = any ($3) then has_any_column_privilege(role, c.oid, privilege)
       else has_table_privilege(role, c.oid, privilege) end
     order by 1, 2, 3`,
    [roles, PRIVILEGES, ON_COLUMNS],
  )
  return rows
    .filter(isExtra)
    .map(
      ({ role, table, privilege, whole }) =>
        `${role} may ${privilege} ${whole ? 'all of' : 'columns of'} ${table}`,
    )
}

function isQueue(table: string): boolean {
  return table.startsWith('arrival') || table === 'submitted'
}

/** The public side puts sealed rows into the queue and reads what is public; everything else goes through functions. */
function isExtraForIntake({ table, privilege, open }: TableRight): boolean {
  if (privilege === 'INSERT') return !isQueue(table)
  return privilege !== 'SELECT' || !open
}

/**
 * The desk never touches the queue or a draft, and changes no line of its own trail. Of what reporters sent it reads
 * columns: a right on the whole table would show where a row lies, and so the order of arrival.
 */
function isExtraForTriage({ table, privilege, whole }: TableRight): boolean {
  if (isQueue(table) || table.startsWith('draft')) return true
  if (FROM_REPORTERS.includes(table) && privilege === 'SELECT') return whole
  if (table === 'audit') return !['SELECT', 'INSERT'].includes(privilege)
  return ['TRUNCATE', 'REFERENCES', 'TRIGGER'].includes(privilege)
}

async function listPlaces(owner: Queryable, roles: readonly string[]): Promise<string[]> {
  const { rows } = await owner.query<{ role: string; place: string }>(
    `select role, place from unnest($1::text[]) role, lateral (values
       ('may make tables', has_schema_privilege(role, 'public', 'CREATE')),
       ('may make schemas', has_database_privilege(role, current_database(), 'CREATE')),
       ('may make temporary tables', has_database_privilege(role, current_database(), 'TEMPORARY'))) v (place, given)
     where given`,
    [roles],
  )
  return rows.map(({ role, place }) => `${role} ${place}`)
}

async function listOpenFunctions(owner: Queryable): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select p.proname as name from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     where p.pronamespace = 'public'::regnamespace and a.grantee = 0
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
     order by 1`,
  )
  return rows.map(({ name }) => `every role may call ${name}()`)
}
