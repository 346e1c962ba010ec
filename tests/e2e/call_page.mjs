// End to end: the page on which callers call, in a real Chromium against a stand-in for the centre: each
// state in both languages and themes with axe-core, then what the page does. call_live.mjs has the sound.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { start_fake_server } from '../../ui/dev/fake-server.mjs';
import { complaints, look, open_browser, open_page, told_of_shots, until } from './desk_page.mjs';

const kMicrophone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const kNarrow = { width: 400, height: 720 };
const kWords = {
    de: {
        account: /Fragen zum Konto/, name: /Ihr Name/, call: 'Jetzt anrufen', hang_up: 'Auflegen', mute: 'Stumm schalten',
        again: 'Noch einmal anrufen', choose: 'Wählen Sie aus', wait: 'etwa 1 bis 5 Minuten', before: '3 vor Ihnen.',
        write: 'Lieber schreiben', types: /schreibt Ihnen/, end: 'Chat beenden', ended: 'Sie haben den Chat beendet.',
        save: 'Das Geschriebene speichern', wait_429: 'in 40 Sekunden', states: { next: 'Sie sind als Nächstes dran.', nobody: 'niemand da', alerting: 'Es klingelt',
            talking: 'Sie sprechen', on_hold: 'Sie werden gehalten' },
    },
    en: {
        account: /About your account/, name: /Your name/, call: 'Call now', hang_up: 'Hang up', mute: 'Mute',
        again: 'Call again', choose: 'Choose what', wait: 'about 1 to 5 minutes', before: '3 before you.',
        write: 'Write instead', types: /is writing to you/, end: 'End the chat', ended: 'You have ended the chat.',
        save: 'Save what was written', wait_429: 'in 40 seconds', states: { next: 'You are next.', nobody: 'nobody is there', alerting: 'It rings',
            talking: 'You are talking', on_hold: 'You are on hold' },
    },
};
const kWhys = ['hung_up', 'ended', 'queue_closed', 'queue_full', 'busy', 'not_offered', 'no_audio', 'cut_off',
    'centre_closed'];

// The theme of this page is the system's.
async function open_call(browser, server, { language, theme, size = kNarrow, scale = 1 }, query = '') {
    const address = `${server.address}/call${query}`;
    const view = await open_page(browser, { address }, { language, theme, size, scale });
    await view.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    return { ...view, words: kWords[language] };
}

async function call({ page, words }) {
    await page.getByLabel(words.account).check();
    await page.getByRole('button', { name: words.call }).click();
    await page.getByRole('button', { name: words.hang_up }).waitFor();
}

async function look_at_all(browser, server, manner) {
    const { guests } = server.centre;
    const view = await open_call(browser, server, manner);
    const { page, words } = view;
    await page.getByLabel(words.account).waitFor();
    await look(view, 'call_choose');
    await page.getByRole('button', { name: words.call }).click();
    await page.getByText(words.choose).waitFor();
    await look(view, 'call_no_choice');
    await page.getByLabel(words.account).check();
    guests.refusal = { status: 429, code: 'too_many_calls', retry: 40 };
    await page.getByRole('button', { name: words.call }).click();
    await page.getByText(words.wait_429).waitFor();
    await look(view, 'call_refused');
    guests.scene = 'waiting';
    await call(view);
    await page.getByText(words.wait).waitFor();
    await look(view, 'call_waiting');
    for (const [scene, text] of Object.entries(words.states)) {
        guests.play(scene);
        await page.getByText(text).last().waitFor();
        await look(view, `call_${scene}`);
    }
    await page.getByRole('button', { name: words.mute }).click();
    await look(view, 'call_muted');
    await page.getByRole('button', { name: words.hang_up }).click();
    await page.getByRole('button', { name: words.again }).waitFor();
    await look(view, 'call_over');
    await page.context().close();
}

async function each_end_is_told(browser, server) {
    const view = await open_call(browser, server, { language: 'en', theme: 'light' });
    const told = new Set();
    for (const why of kWhys) {
        server.centre.guests.scene = 'talking';
        await call(view);
        await view.page.getByText('You are talking').first().waitFor();
        server.centre.guests.end(why);
        await view.page.getByRole('button', { name: 'Call again' }).waitFor();
        told.add(await view.page.getByRole('status').innerText());
        await view.page.getByRole('button', { name: 'Call again' }).click();
    }
    assert.equal(told.size, kWhys.length, 'each end has words of its own');
    await view.page.context().close();
}

async function works_by_keyboard_and_is_announced(browser, server) {
    const { guests } = server.centre;
    const view = await open_call(browser, server, { language: 'en', theme: 'dark' }, '?concern=bank');
    const { page } = view;
    await page.getByLabel(/About your account/).waitFor();
    assert.ok(await page.getByLabel(/About your account/).isChecked(), 'chosen by the address');
    guests.scene = 'waiting';
    guests.said.length = 0;
    await page.getByLabel(/Your name/).focus();
    await page.keyboard.type('Frau Meyer');
    await page.keyboard.press('Enter');
    await page.getByText('3 before you.').first().waitFor();
    assert.deepEqual(guests.said[0], { queue: 'bank', kind: 'voice', name: 'Frau Meyer' });
    assert.deepEqual(guests.said[1], { type: 'hello', token: 'a'.repeat(64) });
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    assert.equal(await focused(), 'You are waiting', 'the focus goes with the view');
    const status = page.getByRole('status').first();
    assert.equal(await status.textContent(), 'You are waiting. 3 before you.');
    guests.play('alerting');
    await until('the new state is announced', async () =>
        (await status.textContent()).startsWith('Somebody is being called.'));
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Mute');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'Speak again');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Call again' }).waitFor();
    assert.equal(await focused(), 'The call is over');
    await page.context().close();
}

async function a_reload_leads_back(browser, server) {
    const { guests } = server.centre;
    const view = await open_call(browser, server, { language: 'en', theme: 'light' });
    guests.scene = 'talking';
    await call(view);
    await view.page.reload();
    await view.page.getByText('You are talking').first().waitFor();
    assert.equal(await view.page.evaluate(() => location.search), '', 'no token in the address');
    assert.deepEqual(await view.page.context().cookies(), [], 'no cookie');
    guests.socket.terminate();
    await view.page.getByText('The connection is interrupted').waitFor();
    await view.page.getByText('The connection is interrupted').waitFor({ state: 'detached' });
    guests.socket.close(1008, 'unknown_token');
    await view.page.getByText('Your call was not there any more').waitFor();
    await view.page.reload();
    await view.page.getByRole('button', { name: 'Call now' }).waitFor();
    await view.page.context().close();
}

async function solves_what_is_asked(browser, server) {
    const { guests } = server.centre;
    guests.bits = 17;
    const view = await open_call(browser, server, { language: 'en', theme: 'light' });
    const began = Date.now();
    await call(view);
    console.log(`# a challenge of 17 bits was solved and the call begun in ${Date.now() - began} ms`);
    guests.bits = 0;
    await view.page.context().close();
}

async function says_what_is_wrong_with_the_microphone(server) {
    const browser = await open_browser();
    const view = await open_call(browser, server, { language: 'en', theme: 'light' });
    await view.page.getByLabel(/About your account/).check();
    await view.page.getByRole('button', { name: 'Call now' }).click();
    await view.page.getByText(/No microphone was found|gives this page no microphone/).waitFor();
    await look(view, 'call_no_microphone');
    await browser.close();
}

async function write_instead(browser, server, manner) {
    const { guests } = server.centre;
    const view = await open_call(browser, server, manner);
    const { page, words } = view;
    guests.scene = 'waiting';
    guests.said.length = 0;
    await page.getByLabel(words.account).check();
    await page.getByRole('button', { name: words.write }).click();
    const text = page.getByRole('textbox');
    await text.waitFor();
    await until('the page said that it writes', () => guests.said.length > 0);
    assert.equal(guests.said[0].kind, 'text');
    await look(view, 'call_chat_waiting');
    await text.fill('Meine Karte ist weg.');
    await text.press('Enter');
    await page.getByRole('log').getByText('Meine Karte ist weg.').waitFor();
    guests.play('talking');
    guests.write('agent', 'Guten Tag! Ich sperre sie gleich.');
    guests.send({ type: 'chat_typing' });
    await page.getByText(words.types).waitFor();
    await look(view, 'call_chat');
    guests.write('agent', 'formular.pdf', 4);
    await page.getByText(words.types).waitFor({ state: 'detached' });
    const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /formular\.pdf/ }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'formular.pdf');
    const sent = { name: 'bild.png', mimeType: 'image/png', buffer: Buffer.from('png') };
    await page.locator('input[type=file]').setInputFiles(sent);
    await page.getByRole('button', { name: /bild\.png/ }).waitFor();
    await page.reload();
    await page.getByRole('log').getByText('Meine Karte ist weg.').waitFor();
    await page.getByRole('button', { name: words.end }).click();
    await page.getByText(words.ended).waitFor();
    await look(view, 'call_chat_over');
    const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: words.save }).click(),
    ]);
    assert.equal(saved.suggestedFilename(), 'chat.txt');
    assert.match(readFileSync(await saved.path(), 'utf8'), /Meine Karte ist weg\.\n.*Ich sperre sie/);
    await page.context().close();
}

async function run(browser, server) {
    for (const language of ['de', 'en']) {
        for (const theme of ['light', 'dark']) {
            await look_at_all(browser, server, { language, theme });
            await write_instead(browser, server, { language, theme });
        }
    }
    await look_at_all(browser, server, { language: 'de', theme: 'light', size: { width: 320, height: 480 }, scale: 2 });
    await each_end_is_told(browser, server);
    await works_by_keyboard_and_is_announced(browser, server);
    await a_reload_leads_back(browser, server);
    await solves_what_is_asked(browser, server);
    await says_what_is_wrong_with_the_microphone(server);
    assert.deepEqual(complaints, [], 'the browser complained');
}

const server = await start_fake_server({});
const browser = await open_browser(kMicrophone);
try {
    await run(browser, server);
    console.log(`call page: ok, ${told_of_shots()}`);
} finally {
    await browser.close();
    server.close();
}
