// What came through a mailbox is released with or after that mailbox, never before: otherwise words that somebody was
// told were received would be lost.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { countRows } from '../support/stored-reports.js'

const MAILBOX = '11111111-1111-4111-8111-111111111111'
const ADDITION = '22222222-2222-4222-8222-222222222222'

t.test(
  'words added while a release runs, through a mailbox that is as new, wait for the next one',
  async (t) => {
    const apps = await startApps(t)
    const { owner } = apps.database
    // A report with a code and words added to it come in just after the release has moved the mailboxes.
    await owner.query(`
    create function come_in() returns trigger language plpgsql as $$ begin
      insert into public.arrival_mailbox values ('${MAILBOX}', 'lookup', 'recipient', '2026-11-23 pm');
      insert into public.arrival_addition values ('${ADDITION}', 0, '${MAILBOX}', 'addition', 'sealed', '2026-11-23 pm');
      return null;
    end $$;
    create trigger come_in after delete on arrival_mailbox for each statement execute function come_in()`)
    await apps.release()
    await owner.query('drop trigger come_in on arrival_mailbox')
    t.equal(await countRows(owner, 'arrival_addition'), 1, 'it waits')
    await apps.release()
    t.equal(await countRows(owner, 'arrival_addition'), 0)
    t.equal(await countRows(owner, 'addition'), 1, 'it came to the desk')
  },
)
