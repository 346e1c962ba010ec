// End to end: what the desk shows beside the call, in a real Chromium against a stand-in for the
// centre: why this agent, notes, earlier contacts, the customer's page, articles, the own day and
// thanks. Run by `npm run e2e`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

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
    until,
} from './desk_page.mjs';

const kTablet = { size: { width: 820, height: 1180 } };

async function look_at_contact(browser, server, manner, device = '') {
    const view = await open_page(browser, server, manner);
    const { page } = view;
    const { desk } = server.centre;
    desk.screen_pop = 'https://crm.example/?contact={contact}';
    await sign_in(view, 'anna');
    await play(view, server, 'alerting', /longest free of 3|am längsten frei von 3/);
    await page.getByText('Neue Karte bestellt').waitFor();
    await look(view, `contact_alerting${device}`);
    await play(view, server, 'talking', /Notizen|Notes/);
    await page.getByLabel(/Notizen|Notes/).fill('Karte kam an.');
    await page.getByText(/Saved as you type|Beim Tippen gespeichert/).waitFor();
    await said(server, '/contacts/30/remark', { text: 'Karte kam an.' });
    await look(view, `contact_talking${device}`);
    await page.getByLabel(/Notizen|Notes/).fill('x'.repeat(4001));
    await page.getByText(/Too long by 1|Um 1 Zeichen zu lang/).waitFor();
    await look(view, `contact_notes_too_long${device}`);
    await page.getByLabel(/Notizen|Notes/).fill('Karte kam an.');
    desk.earlier = [];
    await play(view, server, 'ready', /Der nächste|The next/);
    await play(view, server, 'talking', /None from this number in|Keine von dieser Nummer in/);
    await look(view, `contact_first_time${device}`);
    Object.assign(server.centre, { desk: new desk.constructor(server.centre) });
    await page.context().close();
}

async function notes_are_saved_before_the_wrap_up_ends(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'wrap_up', 'Wie ist es ausgegangen');
    await page.getByText('Warum Sie').waitFor();
    await page.getByRole('heading', { level: 2, name: 'Nacharbeit' }).click();
    await page.keyboard.press('i');
    await page.keyboard.type('Ruft wieder an');
    await page.getByLabel('Gelöst').check();
    await page.getByRole('heading', { level: 2, name: 'Nacharbeit' }).click();
    await page.keyboard.press('w');
    await said(server, '/contacts/30/remark', { text: 'Ruft wieder an' });
    await said(server, '/desk/wrap-up/end', { outcome: 'solved' });
    await page.context().close();
}

async function notes_that_cannot_be_saved_are_not_lost(browser, server) {
    const view = await open_page(browser, server, { language: 'en', theme: 'dark' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'talking', /Why you/);
    server.centre.desk.remark_refusal = { status: 409, code: 'not_your_contact' };
    await page.getByLabel('Notes').fill('important');
    await page.getByText('The notes are not saved.').waitFor();
    await look(view, 'contact_notes_not_saved');
    assert.equal(await page.getByLabel('Notes').inputValue(), 'important');
    await page.getByRole('button', { name: 'Save again' }).click();
    await said(server, '/contacts/30/remark', { text: 'important' });
    await page.getByText('Saved as you type').waitFor();
    await page.reload();
    await page.getByText('Why you').waitFor();
    assert.equal(await page.getByLabel('Notes').inputValue(), 'important');
    await page.context().close();
}

// A page of another house: it must learn nothing of ours, nor lead it anywhere.
const kHostilePage = `<title>customer</title><script>
    for (const target of [window.opener, window.opener?.top]) {
        try { target.location.href = location.origin + '/evil'; } catch {}
    }
    try { document.title += window.opener.top.document.title; } catch { document.title += ' alone'; }
</script>`;

async function start_customer_system() {
    const asked = [];
    const server = createServer((request, response) => {
        asked.push({ url: request.url, referrer: request.headers.referer });
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end(kHostilePage);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { asked, server, address: `http://127.0.0.1:${server.address().port}` };
}

async function customer_page_opens_in_one_window(browser, server) {
    const crm = await start_customer_system();
    server.centre.desk.screen_pop = `${crm.address}/?contact={contact}`;
    const view = await open_page(browser, server, { language: 'en', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'talking', 'Why you');
    assert.equal(crm.asked.length, 0, 'nothing opens without consent');
    const opening = page.context().waitForEvent('page');
    await page.keyboard.press('p');
    const customer = await opening;
    await customer.waitForURL(`${crm.address}/?contact=30`);
    await until('the title', async () => (await customer.title()) === 'customer alone');
    assert.equal(crm.asked.find(({ url }) => url.startsWith('/?'))?.referrer, undefined);
    assert.ok(page.url().startsWith(server.address), 'the desk stays where it is');
    assert.ok(await page.getByText('Why you').isVisible());
    complaints.length = 0; // of that page, whose tries the browser has refused

    await page.bringToFront();
    await page.getByRole('button', { name: 'anna' }).click();
    await page.getByLabel('Open the customer page when I answer').check();
    await page.keyboard.press('Escape');
    await play(view, server, 'ready', 'The next contact');
    server.centre.desk.screen_pop = `${crm.address}/?again={contact}`;
    await play(view, server, 'alerting', 'A call for you');
    await page.getByText('Why you').waitFor();
    await play(view, server, 'talking', 'Talk time');
    await customer.waitForURL(`${crm.address}/?again=30`);
    assert.ok(!crm.asked.some(({ url }) => url === '/evil'), 'it led nobody elsewhere');
    complaints.length = 0;
    assert.equal(page.context().pages().length, 2, 'one window for all contacts');
    crm.server.close();
    crm.server.closeAllConnections();
    server.centre.desk.screen_pop = null;
    await page.context().close();
}

async function look_at_day(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    const { page } = view;
    await sign_in(view, 'anna');
    await page.getByRole('link', { name: /Mein Tag|My day/ }).click();
    await page.getByText(/Auslastung heute: 76|occupancy today: 76/).waitFor();
    await page.getByText('So geduldig!').first().waitFor();
    await look(view, 'day');
    await page.context().close();
}

async function look_at_knowledge(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    const { page } = view;
    await sign_in(view, 'greta');
    await page.getByText(/Dank weitergeben|Pass on thanks/).waitFor();
    await page.getByRole('link', { name: /Wissen|Knowledge/ }).click();
    await page.getByRole('button', { name: /Kontostand erfragen/ }).waitFor();
    await page.getByLabel(/Artikel finden|Find an article/).fill('sperr');
    await page.getByRole('button', { name: /Kontostand/ }).waitFor({ state: 'detached' });
    await look(view, 'knowledge_found');
    await page.getByRole('button', { name: /Karte sperren/ }).click();
    await page.getByRole('link', { name: 'the leaflet' }).waitFor();
    await look(view, 'knowledge_article');
    await page.getByRole('button', { name: /Bearbeiten|Edit/ }).click();
    await page.getByRole('button', { name: /Vorschau|Preview/ }).click();
    await page.getByRole('link', { name: 'the leaflet' }).waitFor();
    await look(view, 'knowledge_edit');
    await page.getByLabel(/Artikel finden|Find an article/).fill('nirgends');
    await page.getByText(/Kein Artikel hat|No article has/).waitFor();
    await look(view, 'knowledge_none');
    await page.context().close();
}

async function look_at_panel(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'talking', /Warum Sie|Why you/);
    const first = page.getByRole('search').locator('xpath=following-sibling::ul').getByRole('button');
    await first.first().waitFor();
    assert.match(await first.first().innerText(), /Kontostand/, "the contact's queue goes first");
    await look(view, 'knowledge_panel');
    await first.first().click();
    await page.getByText(/unten links/).waitFor();
    await look(view, 'knowledge_panel_article');
    await page.context().close();
}

async function markdown_does_no_harm(browser, server) {
    const view = await open_page(browser, server, { language: 'en', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await page.getByRole('link', { name: 'Knowledge' }).click();
    assert.equal(await page.getByRole('button', { name: 'New article' }).count(), 0);
    await page.getByRole('button', { name: /Karte sperren/ }).click();
    const link = page.getByRole('link', { name: 'the leaflet' });
    await link.waitFor();
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await page.locator('.article img, .article script').count(), 0);
    assert.equal(await page.locator('.article a[href^="javascript"]').count(), 0);
    await page.getByText('press me').click();
    assert.equal(await page.title(), 'Knowledge – Lanze');
    await page.context().close();
}

async function articles_are_found_by_keyboard_beside_the_call(browser, server) {
    const view = await open_page(browser, server, { language: 'en', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'talking', 'Why you');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.press('k');
    await page.keyboard.type('pin');
    await page.getByRole('button', { name: /Kontostand/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Karte sperren' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'Karte sperren');
    await page.context().close();
}

async function two_who_edit_see_each_other(browser, server) {
    const { knowledge } = server.centre.desk;
    const view = await open_page(browser, server, { language: 'en', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'greta');
    await page.goto(`${server.address}/#/knowledge`);
    await page.getByRole('button', { name: 'New article' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('A title is one line').waitFor();
    await page.getByLabel('Title').fill('Fees');
    await page.getByLabel('Reisen').check();
    await page.getByLabel('Text', { exact: true }).fill('Five euros.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Fees' }).waitFor();
    const stored = knowledge.articles.find((one) => one.title === 'Fees');
    assert.deepEqual([stored.queues, stored.body], [['Reisen'], 'Five euros.']);

    await page.getByRole('button', { name: 'Edit' }).click();
    Object.assign(stored, { version: 7, body: 'Six euros.', changed_by: 'hans' });
    await page.getByLabel('Text', { exact: true }).fill('Seven euros.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else has saved this article').waitFor();
    await page.getByText('Six euros.').waitFor();
    await look(view, 'knowledge_changed_meanwhile');
    assert.equal(stored.body, 'Six euros.', 'nothing is overwritten unseen');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Fees' }).waitFor();
    assert.equal(stored.body, 'Seven euros.');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Yes, remove' }).click();
    await page.getByText('Choose an article').waitFor();
    assert.ok(!knowledge.articles.includes(stored));
    await page.context().close();
}

async function thanks_reach_the_agent_and_go_at_his_word(browser, server) {
    const view = await open_page(browser, server, { language: 'en', theme: 'dark' });
    const { page } = view;
    await sign_in(view, 'greta');
    await page.getByRole('button', { name: 'Pass on', exact: true }).click();
    await page.getByText('Enter the number of a contact').waitFor();
    await page.getByLabel('Number of the contact').fill('404');
    await page.getByLabel('What was said').fill('So quick and kind.');
    await page.getByRole('button', { name: 'Pass on', exact: true }).click();
    await page.getByText('Nobody had this contact').waitFor();
    await look(view, 'thanks_nobody');
    await page.getByLabel('Number of the contact').fill('17');
    await page.getByRole('button', { name: 'Pass on', exact: true }).click();
    await page.getByText('Passed on.').waitFor();
    await page.context().close();

    const desk = await open_page(browser, server, { language: 'en', theme: 'light' });
    await sign_in(desk, 'anna');
    await desk.page.getByRole('link', { name: 'My day' }).click();
    await desk.page.getByText('So quick and kind.').first().waitFor();
    await desk.page.getByRole('button', { name: /Remove So quick/ }).click();
    await desk.page.getByText('So quick and kind.').first().waitFor({ state: 'detached' });
    await desk.page.context().close();
}

async function run(browser, server) {
    for (const language of ['de', 'en']) {
        for (const theme of ['light', 'dark']) {
            await look_at_contact(browser, server, { language, theme });
            await look_at_panel(browser, server, { language, theme });
            await look_at_knowledge(browser, server, { language, theme });
            await look_at_day(browser, server, { language, theme });
        }
    }
    await look_at_contact(browser, server, { language: 'de', theme: 'light', ...kTablet }, '_tablet');
    server.centre.said.length = 0;
    await notes_are_saved_before_the_wrap_up_ends(browser, server);
    await notes_that_cannot_be_saved_are_not_lost(browser, server);
    await customer_page_opens_in_one_window(browser, server);
    await markdown_does_no_harm(browser, server);
    await articles_are_found_by_keyboard_beside_the_call(browser, server);
    await two_who_edit_see_each_other(browser, server);
    await thanks_reach_the_agent_and_go_at_his_word(browser, server);
    assert.deepEqual(complaints, [], 'the browser complained');
}

const server = await start_fake_server({ skew_ms: 47 * 60 * 1000 });
const browser = await open_browser();
try {
    await run(browser, server);
    console.log(`desk_contact: ok, ${told_of_shots()}`);
} finally {
    await browser.close();
    server.close();
}
