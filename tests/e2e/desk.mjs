// End to end: the built page in a real Chromium against a stand-in for the centre.
//
// Looks at every view in both languages and both themes (a screenshot each, and axe-core, which
// must find nothing), then at what the desk does. Run by `npm run e2e` in ui/ after a build;
// screenshots go to LANZE_SHOTS, or a folder of the system's for temporary files.
import assert from 'node:assert/strict';

import { start_fake_server } from '../../ui/dev/fake-server.mjs';
import {
    complaints,
    look,
    open_browser,
    open_page,
    play,
    said,
    sign_in,
    told_of_shots,
} from './desk_page.mjs';

// Far enough off that a page trusting its own clock would show nonsense.
const kSkewMs = 47 * 60 * 1000;

async function look_at_sign_in(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    await view.page.getByRole('button', { name: view.words.sign_in }).waitFor();
    await look(view, 'sign_in');
    await view.page.getByRole('button', { name: view.words.sign_in }).click();
    await look(view, 'sign_in_missing');
    await sign_in(view, 'anna', 'wrong');
    await view.page.getByRole('alert').waitFor();
    await look(view, 'sign_in_wrong');
    server.centre.failures = 5;
    await sign_in(view, 'anna', 'wrong');
    await view.page.getByText(/Too many tries|Zu viele Versuche/).waitFor();
    await look(view, 'sign_in_locked');
    server.centre.failures = 0;
    await view.page.context().close();
}

const kDeskScenes = [
    ['signed_out', /Melden Sie sich bereit, sobald|Say Ready when contacts/],
    ['ready', /Der nächste Anruf|The next contact/],
    ['ceiling', /wir geben Ihnen Luft|share of conversations was high/],
    ['break_due', /Pause ist fällig|time for your break/],
    ['shift_over', /Schicht ist zu Ende|shift is over/],
    ['breather', /machen eine Atempause|taking a breather/],
    ['breather_wanted', /Nach diesem Anruf: Atempause|After this contact: Breather/],
    ['break_time', /Sie haben Pause|You are on a break/],
    ['missed', /nicht angenommen|did not take/],
    ['phone_busy', /war besetzt|was busy/],
    ['phone_unreachable', /ist nicht erreichbar|is not reachable/],
    ['alerting', /Ein Anruf für Sie|A call for you/],
    ['long_names', /reisebuero/],
    ['alerting', '5550199'],
    ['talking', /Gesprächszeit|Talk time/],
    ['on_hold', /Gehalten seit|On hold for/],
    ['wrap_up', /Wie ist es ausgegangen|How did it end/],
    ['wrap_up_over', /ist um|is over/],
];

async function look_at_desk(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    const { page, words } = view;
    await sign_in(view, 'anna');
    for (const [scene, text] of kDeskScenes) {
        await play(view, server, scene, text);
        await look(view, `desk_${scene}`);
    }
    await play(view, server, 'talking', /Gesprächszeit|Talk time/);
    await play(view, server, 'wrap_up', /Wie ist es|How did it/);
    await page.getByLabel(words.other).check();
    await page.getByLabel(/In Ihren Worten|In your words/).fill('Rückruf über die Filiale, '.repeat(3));
    await look(view, 'desk_wrap_up_text');
    await play(view, server, 'ready', /Der nächste|The next/);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 2 }).first().click();
    await page.keyboard.press('n');
    await page.getByRole('menu').waitFor();
    await look(view, 'desk_reasons');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await look(view, 'help');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'anna' }).click();
    await look(view, 'settings');
    await page.getByRole('link', { name: /Passwort ändern|Change password/ }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await look(view, 'password');
    await page.goto(`${server.address}/#/queues`);
    await page.getByRole('heading', { level: 1, name: /Warteschlangen|Queues/ }).waitFor();
    await look(view, 'queues_agent');
    await page.context().close();
}

async function look_at_queues(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    await sign_in(view, 'greta');
    await view.page.getByText('fatma').waitFor();
    await view.page.getByText(/es fehlen 2|2 short/).first().waitFor();
    await look(view, 'queues');
    await view.page.getByRole('button', { name: '%' }).first().click();
    await look(view, 'queues_definition');
    await view.page.keyboard.press('Escape');
    server.centre.empty();
    await view.page.getByText(/keine Warteschlange|No queue/).waitFor();
    await look(view, 'queues_empty');
    server.centre.reset();
    await view.page.context().close();
}

async function look_at_interruption(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    await sign_in(view, 'anna');
    await play(view, server, 'talking', /Gesprächszeit|Talk time/);
    server.centre.is_closed_to_desks = true;
    server.centre.drop_desks();
    await view.page.getByText(/Keine Verbindung|No connection/).waitFor();
    await look(view, 'desk_interrupted');
    server.centre.is_closed_to_desks = false;
    await view.page.getByText(/Keine Verbindung|No connection/).waitFor({ state: 'detached' });
    await view.page.context().close();
}

// 200 % zoom of 1280 × 720 leaves the page half as many of its own pixels each way.
async function look_at_zoom(browser, server, manner) {
    const half = { size: { width: 640, height: 360 }, scale: 2 };
    const agent = await open_page(browser, server, { ...manner, ...half });
    await look(agent, 'sign_in');
    await sign_in(agent, 'anna');
    for (const [scene, text] of kDeskScenes) {
        await play(agent, server, scene, text);
        await look(agent, `desk_${scene}`);
    }
    await agent.page.context().close();
    const supervisor = await open_page(browser, server, { ...manner, ...half });
    await sign_in(supervisor, 'greta');
    await supervisor.page.getByText('fatma').waitFor();
    await look(supervisor, 'queues');
    await supervisor.page.context().close();
}

async function keys_say_what_they_name(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'signed_out', /Melden Sie sich bereit/);
    await page.keyboard.press('r');
    await said(server, '/desk/ready');
    await page.getByText('Der nächste Anruf').waitFor();
    assert.equal(await page.title(), 'Bereit – Lanze');
    await page.keyboard.press('n');
    await page.getByRole('menuitem', { name: /Pause/ }).waitFor();
    await page.keyboard.press('2');
    await said(server, '/desk/not-ready', { reason: 'meeting' });
    await play(view, server, 'wrap_up', 'Wie ist es ausgegangen');
    await page.getByLabel('Gelöst').check();
    await page.keyboard.press('w');
    await said(server, '/desk/wrap-up/end', { outcome: 'solved' });
    await play(view, server, 'wrap_up', 'Wie ist es ausgegangen');
    await page.getByLabel('Etwas anderes').check();
    await page.getByLabel('In Ihren Worten').fill('wartet auf Brief');
    await page.keyboard.press('Enter');
    await said(server, '/desk/wrap-up/end', { outcome: 'wartet auf Brief' });
    await page.context().close();
}

async function breather_is_taken_by_keyboard(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'ready', 'Der nächste Anruf');
    await play(view, server, 'ceiling', 'wir geben Ihnen Luft');
    const aloud = page.locator('[aria-live=assertive]');
    assert.match(await aloud.innerText(), /wir geben Ihnen Luft/);
    const button = page.getByRole('button', { name: 'Atempause' });
    await button.focus();
    await page.keyboard.press('Enter');
    await said(server, '/desk/breather');
    await page.getByText('Sie machen eine Atempause').waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await play(view, server, 'talking', 'Gesprächszeit');
    await button.click();
    await said(server, '/desk/breather');
    await page.getByText('Nach diesem Anruf: Atempause').waitFor();
    await page.context().close();
}

async function contact_is_announced_and_handled(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    const aloud = page.locator('[aria-live=assertive]');
    await sign_in(view, 'anna');
    await play(view, server, 'ready', 'Der nächste Anruf');
    await play(view, server, 'alerting', 'Ein Anruf für Sie');
    assert.match(await aloud.innerText(), /Ein Anruf für Sie von \+49 170 5550199/);
    assert.equal(await page.title(), 'Ein Anruf für Sie – Lanze');
    // The centre's clock is 47 minutes ahead; the waiting time must not be.
    assert.match(await page.getByText(/^1:4\d$/).innerText(), /^1:4\d$/);
    await page.getByRole('button', { name: 'Ablehnen' }).click();
    await said(server, '/desk/reject');
    await play(view, server, 'talking', 'Gesprächszeit');
    server.centre.refusal = { status: 409, code: 'agent_not_talking', message: 'Gone.' };
    await page.getByRole('button', { name: 'Auflegen' }).click();
    await said(server, '/desk/hang-up');
    await page.getByText('Das kam zu spät').waitFor();
    await page.getByRole('button', { name: 'Auflegen' }).click();
    await said(server, '/desk/hang-up');
    await page.getByText('Wie ist es ausgegangen').waitFor();
    // The centre names the contact no more; the page remembers who it was.
    assert.ok(await page.getByText('5550199').isVisible());
    assert.match(await aloud.innerText(), /Nacharbeit/);
    await page.context().close();
}

async function lost_session_leads_to_sign_in(browser, server) {
    const view = await open_page(browser, server, { language: 'en', theme: 'dark' });
    await sign_in(view, 'anna');
    await view.page.getByText('Your state').waitFor({ state: 'attached' });
    server.centre.sessions.clear();
    server.centre.drop_desks();
    await view.page.getByText('Your session has ended').waitFor();
    await view.page.context().close();
}

async function choices_are_kept(browser, server) {
    const context = await browser.newContext({ locale: 'de-AT', colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(server.address);
    await page.getByRole('button', { name: 'Anmelden' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await page.getByRole('button', { name: 'Einstellungen' }).click();
    await page.getByLabel('English').check();
    await page.getByLabel('Light').check();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'light');
    await context.close();
}

async function run(browser, server) {
    for (const language of ['de', 'en']) {
        for (const theme of ['light', 'dark']) {
            const manner = { language, theme };
            await look_at_sign_in(browser, server, manner);
            await look_at_desk(browser, server, manner);
            await look_at_queues(browser, server, manner);
            await look_at_interruption(browser, server, manner);
        }
    }
    await look_at_zoom(browser, server, { language: 'de', theme: 'light' });
    server.centre.said.length = 0;
    await keys_say_what_they_name(browser, server);
    await breather_is_taken_by_keyboard(browser, server);
    await contact_is_announced_and_handled(browser, server);
    await lost_session_leads_to_sign_in(browser, server);
    await choices_are_kept(browser, server);
    assert.deepEqual(complaints, [], 'the browser complained');
}

const server = await start_fake_server({ skew_ms: kSkewMs });
const browser = await open_browser();
try {
    await run(browser, server);
    console.log(`desk: ok, ${told_of_shots()}`);
} finally {
    await browser.close();
    server.close();
}
