// A batch with large files takes long to move. It must come all the same, and everybody's report with it.
import t from 'tap'
import { openTriageStorage } from '../../server/storage/triage/index.js'
import { startApps } from '../support/apps.js'
import { sendReport } from '../support/send-report.js'
import { countRows } from '../support/stored-reports.js'

t.test('a release may take longer than the app or the server let other statements take', async (t) => {
  const { database, intake } = await startApps(t)
  const storage = openTriageStorage({ target: database.triageUrl, connections: 1, silenceMs: 500 })
  t.teardown(() => storage.close())
  await sendReport(intake)
  await database.owner.query(
    `create table release_limit (setting text);
     grant insert on release_limit to public;
     create function take_long() returns trigger language plpgsql as $$
     begin
       perform pg_sleep(1);
       insert into public.release_limit values (current_setting('statement_timeout'));
       return new;
     end $$;
     create trigger take_long before insert on report for each row execute function take_long()`,
  )
  await storage.releaseArrivals(true)
  t.equal(await countRows(database.owner, 'report'), 1, 'longer than the app waits for other answers')
  const { rows } = await database.owner.query<{ setting: string }>('select setting from release_limit')
  t.same(rows, [{ setting: '30min' }], 'and than the server waits')
})
