// The page in a real Chromium against the real centre, with real phones: an agent's whole contact,
// from sign-in to the outcome, and what the queue view shows of it. desk.mjs looks at every view
// more closely, against a stand-in. Run by packaging/page.sh e2e:live. Screenshots go to LANZE_SHOTS if that is set.
import { join } from 'node:path';

import { open_browser } from './browser.mjs';
import { check_equal, lanze_call, need, run_tests, start_centre, test } from './lib.mjs';

const kDeadlineMs = 15_000;
const kFloor = `
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[agent]]
name = "anna"
skills = { bank = 3 }
phone = "registered"
password = "phone-of-anna"
wrap_up = "60s"
check_every = "0s"
`;

async function sign_in(browser, centre, name, locale) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale });
    const page = await context.newPage();
    page.setDefaultTimeout(kDeadlineMs);
    await page.goto(`http://${centre.address}:8080/`);
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[type=password]').fill(centre.passwords[name]);
    await page.keyboard.press('Enter');
    return page;
}

const sees = (page, text) => page.getByText(text).first().waitFor();

async function look(page, name) {
    if (process.env.LANZE_SHOTS) {
        await page.screenshot({ path: join(process.env.LANZE_SHOTS, `${name}.png`) });
    }
}

test('an agent signs in, takes a contact and ends it with an outcome', async () => {
    need('chromium');
    const centre = await start_centre({ floor: kFloor });
    const phone = lanze_call(centre, ['--agent', '--password', 'phone-of-anna', '--answer-after', '1',
        '--for', '60', 'anna']);
    await phone.says('registered');
    const browser = await open_browser();
    const desk = await sign_in(browser, centre, 'anna', 'de-DE');
    await desk.getByRole('heading', { name: 'Nicht bereit' }).waitFor();
    await desk.keyboard.press('r');
    await centre.agent_is('anna', 'ready');
    await sees(desk, 'Der nächste Anruf');

    const wallboard = await sign_in(browser, centre, 'admin', 'en-GB');
    await wallboard.getByRole('rowheader', { name: /bank/ }).waitFor();
    const caller = lanze_call(centre, ['--for', '4', 'bank']);
    await sees(desk, 'Ein Anruf für Sie');
    await look(desk, 'live_desk_alerting');
    await sees(desk, 'Gesprächszeit');
    await look(desk, 'live_desk_talking');
    await look(wallboard, 'live_queues_talking');

    await caller.ended();
    check_equal(caller.code, 0, 'exit code of the caller');
    await sees(desk, 'Wie ist es ausgegangen');
    await look(desk, 'live_desk_wrap_up');
    await desk.getByLabel('Gelöst').check();
    await desk.keyboard.press('w');
    await centre.agent_is('anna', 'ready');
    await sees(desk, 'Der nächste Anruf');

    const [contact] = await centre.ended_contacts();
    check_equal([contact.end, contact.outcome, contact.by], ['finished', 'solved', 'caller'], 'the record');
    await wallboard.getByText('100%', { exact: true }).waitFor(); // the service level of bank
    await look(wallboard, 'live_queues_after');
});

await run_tests();
