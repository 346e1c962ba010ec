// End to end: chats at the desk, in a real Chromium against a stand-in for the centre.
//
// Looks at each state in both languages and both themes (a screenshot each, and axe-core), then
// takes a chat, writes, sends a file and ends it, by keyboard alone. Run by `npm run e2e` in ui/.
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
    until,
} from './desk_page.mjs';

const kScenes = [
    ['chat_alerting', /Ein Chat für Sie|A chat for you/],
    ['chat', /vertrag\.pdf/],
    ['chat_beside_call', '5550199'],
    ['chat_wrap_up', /Wie ist es ausgegangen|How did it end/],
];

async function look_at_chats(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    await sign_in(view, 'anna');
    for (const [scene, text] of kScenes) {
        await play(view, server, scene, text);
        await look(view, scene);
    }
    await play(view, server, 'chat', /vertrag\.pdf/);
    server.centre.chat.types();
    await view.page.getByText(/schreibt …|is writing …/).waitFor();
    await look(view, 'chat_typing');
    await view.page.getByRole('button', { name: /^(Notizen|Notes)$/ }).click();
    await look(view, 'chat_notes');
    await view.page.getByRole('button', { name: /^(Notizen|Notes)$/ }).click();
    await view.page.getByRole('textbox').fill('x'.repeat(4010));
    await view.page.getByText(/Zu lang|Too long/).waitFor();
    await look(view, 'chat_too_long');
    await view.page.context().close();
}

async function a_chat_is_handled_by_keyboard(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    const aloud = page.locator('[aria-live=assertive]');
    await sign_in(view, 'anna');
    await play(view, server, 'ready', 'Der nächste Anruf');
    await play(view, server, 'chat_alerting', 'Ein Chat für Sie');
    assert.match(await aloud.innerText(), /Ein Chat in Karten und Sperren/);
    assert.equal(await page.getByText('meine Karte ist weg').count(), 0, 'not before it is taken');
    await page.keyboard.press('c');
    await said(server, '/desk/chats/31/take');
    await page.getByText('meine Karte ist weg').waitFor();
    await page.keyboard.press('c');
    await page.keyboard.type('Ist gesperrt.');
    await said(server, 'chat_typing', { contact: 31 });
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Eine neue kommt.');
    await page.keyboard.press('Enter');
    const own = page.getByRole('log').getByRole('listitem').last();
    await until('the line stands in the log', async () =>
        /Ist gesperrt\.\nEine neue kommt\./.test(await own.innerText()),
    );
    assert.equal(await page.getByRole('textbox').inputValue(), '');
    // What comes stays in view, and is read out: it stands in a log.
    server.centre.chat.add('caller', 'Danke!');
    await until('the newest line is in view', () =>
        page.getByText('Danke!').evaluate((line) => {
            const log = line.closest('[role=log]').getBoundingClientRect();
            return line.getBoundingClientRect().bottom <= log.bottom + 1;
        }),
    );
    await page.getByRole('button', { name: 'Chat beenden' }).press('Enter');
    await said(server, '/desk/chats/31/hang-up');
    await page.getByLabel('Gelöst').check();
    // Who it was, and what was written, is still there.
    assert.ok(await page.getByText('Lena Petersen').isVisible());
    assert.ok(await page.getByText('Danke!').isVisible());
    await page.getByLabel('Notizen').fill('Karte gesperrt');
    // What stands there is saved before the wrap-up ends.
    await page.getByRole('button', { name: 'Nacharbeit beenden' }).press('Enter');
    await said(server, '/contacts/31/remark', { text: 'Karte gesperrt' });
    await said(server, '/desk/chats/31/wrap-up/end', { outcome: 'solved' });
    await page.context().close();
}

// Notes are there in the chat, too, and beside those of a call.
async function notes_are_kept(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    server.centre.desk.remarks.clear();
    await sign_in(view, 'anna');
    await play(view, server, 'chat_beside_call', 'vertrag.pdf');
    const box = page.getByRole('region', { name: 'Chat' });
    await box.getByRole('button', { name: 'Notizen' }).press('Enter');
    await box.getByLabel('Notizen').fill('Neue Karte bestellt');
    await said(server, '/contacts/31/remark', { text: 'Neue Karte bestellt' });
    assert.equal(await page.locator('#remark').inputValue(), '', 'the notes of the call');
    await box.getByRole('button', { name: 'Chat beenden' }).press('Enter');
    await said(server, '/desk/chats/31/hang-up');
    assert.equal(await box.getByLabel('Notizen').inputValue(), 'Neue Karte bestellt');
    await page.reload();
    await box.getByText('Lena Petersen').waitFor();
    await box.getByText('meine Karte ist weg').waitFor();
    await until('the notes are back', async () =>
        (await box.getByLabel('Notizen').inputValue()) === 'Neue Karte bestellt');
    const end = box.getByRole('button', { name: 'Nacharbeit beenden' });
    server.centre.desk.remark_refusal = { status: 503, code: 'full' };
    await box.getByLabel('Notizen').fill('Neue Karte bestellt.');
    await end.focus(); // leaving the field saves, too
    await box.getByText('Die Notizen sind nicht gespeichert.').waitFor();
    server.centre.desk.remark_refusal = { status: 503, code: 'full' };
    await end.press('Enter');
    await until('the notes have the keyboard', () =>
        box.getByLabel('Notizen').evaluate((field) => field === document.activeElement));
    assert.equal(server.centre.said.length, 0, 'not ended over notes that are not saved');
    await end.press('Enter');
    await said(server, '/contacts/31/remark', { text: 'Neue Karte bestellt.' });
    await said(server, '/desk/chats/31/wrap-up/end', { outcome: '' });
    await page.context().close();
}

// What was written goes with the chat: after a reload it is the colleague's alone.
async function a_chat_is_given_away(browser, server) {
    const view = await open_page(browser, server, { language: 'de', theme: 'light' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'chat', 'vertrag.pdf');
    await page.getByRole('button', { name: 'Weiterleiten', exact: true }).click();
    await page.getByRole('button', { name: 'Jetzt weiterleiten' }).click();
    await said(server, '/desk/chats/31/transfer', { queue: 'Kontoservice' });
    await page.getByText('Wie ist es ausgegangen').waitFor();
    assert.ok(await page.getByText('meine Karte ist weg').isVisible());
    await page.reload();
    await page.getByText('Lena Petersen').waitFor();
    await page.getByLabel('Notizen').waitFor();
    assert.equal(await page.getByRole('log').count(), 0);
    await page.context().close();
}

async function files_go_both_ways(browser, server) {
    const view = await open_page(browser, server, { language: 'en', theme: 'dark' });
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'chat', 'vertrag.pdf');
    const link = page.getByRole('link', { name: 'File: vertrag.pdf' });
    assert.equal(await link.getAttribute('href'), '/api/v1/desk/files/1');
    assert.equal(await link.getAttribute('download'), 'vertrag.pdf');
    const file = { name: 'Übersicht.txt', mimeType: 'text/plain', buffer: Buffer.from('text') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('link', { name: 'File: Übersicht.txt' }).waitFor();
    const large = { ...file, buffer: Buffer.alloc(5 * 1024 * 1024 + 1, 97) };
    await page.locator('input[type=file]').setInputFiles(large);
    await page.getByText('larger than 5 MB').waitFor();
    await page.context().close();
}

const server = await start_fake_server();
const browser = await open_browser();
try {
    for (const language of ['de', 'en']) {
        for (const theme of ['light', 'dark']) {
            await look_at_chats(browser, server, { language, theme });
        }
    }
    server.centre.said.length = 0;
    await a_chat_is_handled_by_keyboard(browser, server);
    await notes_are_kept(browser, server);
    await a_chat_is_given_away(browser, server);
    await files_go_both_ways(browser, server);
    assert.deepEqual(complaints, [], 'the browser complained');
    console.log(`desk_chat: ok, ${told_of_shots()}`);
} finally {
    await browser.close();
    server.close();
}
