// What a desk shows beside the call, against the real centre with real phones: why this agent, notes
// that outlive the contact, a caller who is known again, the customer's page, articles, the own day,
// thanks, and that nobody reads about contacts of others. Run by packaging/page.sh e2e:live.
import { createServer } from 'node:http';
import { join } from 'node:path';

import { open_browser } from './browser.mjs';
import { check, check_equal, kRoot, lanze_call, need, run_tests, start_centre, test, wait_for } from './lib.mjs';

const kDeadlineMs = 15_000;

async function start_customer_system() {
    const asked = [];
    const server = createServer((request, response) => {
        asked.push(request.url);
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>customer</title>');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { asked, close: () => server.closeAllConnections() || server.close(), port: server.address().port };
}

const agent = (name) => `
[[agent]]
name = "${name}"
skills = { bank = 3 }
phone = "registered"
password = "phone-of-${name}"
wrap_up = "60s"
check_every = "0s"
`;

const floor = (port) => `
[desk]
screen_pop = "http://127.0.0.1:${port}/?phone={caller}&queue={queue}&contact={contact}"
remember_callers_days = 30
articles = "${join(kRoot, 'examples/hanse/articles')}"
[charter]
occupancy_max = 0.85
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
${agent('anna')}${agent('ben')}`;

async function sign_in(browser, centre, name) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(kDeadlineMs);
    await page.goto(`http://${centre.address}:8080/`);
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[type=password]').fill(centre.passwords[name]);
    await page.keyboard.press('Enter');
    return page;
}

// What a page of ours is answered, with its own session.
const ask = (page, method, path, body) =>
    page.evaluate(
        async ([way, address, sent]) => {
            const answer = await fetch(`/api/v1${address}`, {
                method: way,
                headers: { 'Content-Type': 'application/json' },
                body: sent === undefined ? undefined : JSON.stringify(sent),
            });
            const text = await answer.text();
            return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
        },
        [method, path, body],
    );

const sees = (page, text) => page.getByText(text).first().waitFor();

async function look(page, name) {
    if (process.env.LANZE_SHOTS) {
        await page.screenshot({ path: join(process.env.LANZE_SHOTS, `${name}.png`), fullPage: true });
    }
}

async function phone_of(centre, name) {
    const phone = lanze_call(centre, ['--agent', '--password', `phone-of-${name}`, '--answer-after',
        '1', '--for', '300', name]);
    await phone.says('registered');
}

async function open_desk(browser, centre, name) {
    const desk = await sign_in(browser, centre, name);
    await desk.getByRole('heading', { name: 'Not ready' }).waitFor();
    return desk;
}

async function take_call(centre, desk) {
    await desk.goto(`http://${centre.address}:8080/#/desk`);
    await desk.keyboard.press('r');
    await centre.agent_is('anna', 'ready');
    const caller = lanze_call(centre, ['--for', '300', 'bank']);
    await sees(desk, 'Talk time');
    const { contact } = await centre.agent('anna');
    return { caller, contact };
}

async function end_call(caller, desk) {
    await desk.getByRole('button', { name: 'Hang up' }).click();
    await caller.ended();
    await sees(desk, 'How did it end');
    await desk.getByLabel('Solved').check();
    await desk.locator('form#wrap-up').getByRole('button', { name: /End wrap-up/ }).click();
}

test('a desk shows the whole contact, and knows the caller again', async () => {
    need('chromium');
    const crm = await start_customer_system();
    const centre = await start_centre({ floor: floor(crm.port) });
    await phone_of(centre, 'anna');
    const browser = await open_browser();
    const desk = await open_desk(browser, centre, 'anna');

    const first = await take_call(centre, desk);
    await sees(desk, 'You were the only one free who can do this.');
    await sees(desk, 'None from this number in the last 30 days.');
    await desk.getByLabel('Notes').fill('Wants a new card.');
    await sees(desk, 'Saved as you type');
    const opening = desk.context().waitForEvent('page');
    await desk.getByRole('link', { name: /Open customer page/ }).click();
    const customer = await opening;
    await customer.waitForURL(new RegExp(`queue=bank&contact=${first.contact}$`));
    check(/\/\?phone=[^&]+&/.test(crm.asked[0]), `the customer system was asked for ${crm.asked[0]}`);
    await desk.bringToFront();
    await desk.getByLabel('Notes').fill('Wants a new card. Sent it.');
    await end_call(first.caller, desk);
    await centre.agent_is('anna', 'ready');

    const second = await take_call(centre, desk);
    await sees(desk, 'Wants a new card. Sent it.');
    await look(desk, 'live_contact_known_again');
    await sees(desk, 'Solved');
    await desk.reload();
    await sees(desk, 'Wants a new card. Sent it.');
    await end_call(second.caller, desk);
    await wait_for('the record', async () => (await centre.ended_contacts()).length === 2);

    const file = await import('node:fs').then(({ readFileSync }) => readFileSync(centre.database));
    check(!file.includes('new card'), 'notes are not stored in the open');
    await centre.stop();
    await centre.start();
    await wait_for('the centre', async () => (await fetch(`http://${centre.address}:8080/api/v1/health`)).ok);
    const after = await centre.api(`/api/v1/contacts/${first.contact}/desk`);
    check_equal(after.remark, 'Wants a new card. Sent it.', 'after a restart');
    await browser.close();
    crm.close();
});

test('nobody reads or writes about a contact of others', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(1) });
    await phone_of(centre, 'anna');
    const browser = await open_browser();
    const desk = await open_desk(browser, centre, 'anna');
    const other = await open_desk(browser, centre, 'ben');
    const { caller, contact } = await take_call(centre, desk);
    for (const [method, path, body] of [
        ['GET', `/contacts/${contact}/desk`],
        ['PUT', `/contacts/${contact}/remark`, { text: 'mine now' }],
    ]) {
        const refused = await ask(other, method, path, body);
        check_equal([refused.status, refused.body.error.code], [403, 'not_your_contact'], path);
    }
    await end_call(caller, desk);
    await centre.agent_is('anna', 'ready');
    const late = await ask(desk, 'GET', `/contacts/${contact}/desk`);
    check_equal(late.body.error.code, 'not_your_contact', 'after the wrap-up');
    const { remark } = await centre.api(`/api/v1/contacts/${contact}/desk`);
    check_equal(remark, '', 'what the other one wrote');
    await browser.close();
});

test('articles are found beside the call, and written by supervisors', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(1) });
    await phone_of(centre, 'anna');
    const browser = await open_browser();
    const desk = await open_desk(browser, centre, 'anna');
    const { caller } = await take_call(centre, desk);
    await desk.getByRole('button', { name: /Lost or stolen card/ }).waitFor();
    await desk.keyboard.press('k');
    await desk.keyboard.type('breath');
    await desk.getByRole('button', { name: /After a hard call/ }).click();
    await sees(desk, 'You are not there to be shouted at.');
    await look(desk, 'live_article');
    await end_call(caller, desk);

    const office = await sign_in(browser, centre, 'admin');
    await office.getByRole('link', { name: 'Knowledge' }).click();
    await office.getByRole('button', { name: 'New article' }).click();
    await office.getByLabel('Title').fill('Fees from January');
    await office.getByLabel('bank', { exact: true }).check();
    await office.getByLabel('Text', { exact: true }).fill('**Five** euros.');
    await office.getByRole('button', { name: 'Save' }).click();
    await office.getByRole('heading', { name: 'Fees from January' }).waitFor();
    const found = await ask(desk, 'GET', '/knowledge?text=euro&queue=bank');
    check_equal(found.body.articles.map(({ title }) => title), ['Fees from January'], 'found');
    const { id } = found.body.articles[0];
    const refused = await ask(desk, 'POST', '/knowledge', { title: 'x', queues: [], body: '' });
    check_equal(refused.body.error.code, 'not_a_supervisor', 'an agent who writes');
    const unread = await ask(office, 'PUT', `/knowledge/${id}`, { title: 'x', queues: [], body: '' });
    check_equal(unread.status, 428, 'who has not read it');
    await browser.close();
});

test('an agent sees what was promised to him today, and his thanks', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(1) });
    await phone_of(centre, 'anna');
    const browser = await open_browser();
    const desk = await open_desk(browser, centre, 'anna');
    const { caller, contact } = await take_call(centre, desk);
    await desk.getByRole('button', { name: 'Breather' }).click();
    await wait_for('a second of the call', async () => {
        const { body } = await ask(desk, 'GET', '/desk/day');
        return body.occupancy.handling_s >= 1;
    });
    await end_call(caller, desk);
    await centre.agent_is('anna', 'not_ready');
    const office = await sign_in(browser, centre, 'admin');
    await office.getByLabel('Number of the contact').fill(String(contact));
    await office.getByLabel('What was said').fill('So patient with me!');
    await office.getByRole('button', { name: 'Pass on', exact: true }).click();
    await sees(office, 'Passed on.');

    await desk.getByRole('link', { name: 'My day' }).click();
    await sees(desk, 'Asked for: 1, given: 1.');
    await sees(desk, 'So patient with me!');
    await look(desk, 'live_day');
    check_equal(await desk.getByText('broken', { exact: true }).count(), 0, 'broken promises');
    const { body: day } = await ask(desk, 'GET', '/desk/day');
    check_equal([day.contacts, day.wrap_up.count, day.wrap_up.cut], [1, 1, 0], 'the day');
    check(day.occupancy.handling_s >= 1 && day.occupancy.last_hour_max_s === 3060, 'the occupancy');
    await desk.getByRole('button', { name: /Remove/ }).click();
    await sees(desk, 'Nothing yet.');
    const { body: left } = await ask(desk, 'GET', '/desk/thanks');
    check_equal(left.thanks, [], 'thanks left');
    const others = await ask(office, 'GET', '/desk/day');
    check_equal(others.body.error.code, 'no_desk', 'a supervisor who asks');
    await browser.close();
});

await run_tests();
