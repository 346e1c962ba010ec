// The telephone in the browser end to end: the built page in a Chromium with a microphone that
// beeps, and at the other end a second Chromium with a caller who hums, or an echo. Levels are
// measured on both sides. The centre is the stand-in of ui/dev. Run by `npm run e2e` in ui/.
import assert from 'node:assert/strict';

import {
    look,
    open_browser,
    open_page,
    play,
    said,
    sign_in,
    until,
} from './desk_page.mjs';
import {
    agent_hears,
    caller_hears,
    caller_hears_nothing,
    desk_in_call,
    desk_with_phone,
    german,
    heard_by_agent,
    kAnswer,
    kHere,
    kHold,
    kLeg,
    kMute,
    kResume,
    kSilentDb,
    kUnmute,
    leave,
    run_with_peer,
    told,
} from './desk_phone_page.mjs';

async function a_call_is_answered_and_heard(browser, server, peer) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    await told(server, 'phone_open', { take_over: false });
    server.centre.play('alerting');
    await told(server, 'phone_described', { leg: kLeg });
    // It is connected while it is presented, but nobody is heard before the answer.
    await caller_hears_nothing(peer);
    assert.ok((await heard_by_agent(page)) < kSilentDb, 'the agent hears before the answer');
    assert.match(await page.locator('[aria-live=assertive]').innerText(), /Nehmen Sie ihn hier an/);
    await page.keyboard.press('a');
    await told(server, 'phone_answered', { leg: kLeg });
    await agent_hears(page);
    await caller_hears(peer);
    await page.getByText(/^gut$/).waitFor();
    await page.getByRole('button', { name: 'Auflegen' }).click();
    await said(server, '/desk/hang-up');
    await page.getByText('Wie ist es ausgegangen').waitFor();
    await until('the agent hears nothing', async () => (await heard_by_agent(page)) === -100);
    await leave(view, server);
}

async function mute_and_hold_silence_the_agent(browser, server, peer) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    const aloud = page.locator('[aria-live=polite]');
    await caller_hears(peer);
    await page.keyboard.press('m');
    await page.getByText('Ihr Gegenüber hört Sie nicht').waitFor();
    assert.equal(await aloud.innerText(), 'Sie sind stumm.');
    await caller_hears_nothing(peer);
    await agent_hears(page);
    await page.getByRole('button', { name: kUnmute }).click();
    await caller_hears(peer);
    assert.equal(await aloud.innerText(), 'Man hört Sie wieder.');
    await page.keyboard.press('h');
    await told(server, 'phone_held', { leg: kLeg, held: true });
    await page.getByText('Gehalten seit', { exact: true }).waitFor();
    await caller_hears_nothing(peer);
    assert.equal(await heard_by_agent(page), -100, 'the agent hears nothing while he holds');
    await page.getByRole('button', { name: kResume }).click();
    await told(server, 'phone_held', { leg: kLeg, held: false });
    await page.getByRole('button', { name: kHold }).waitFor();
    await caller_hears(peer);
    await leave(view, server);
}

async function digits_and_transfer(browser, server) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    await page.keyboard.press('d');
    await page.getByRole('button', { name: 'Ziffer 5' }).click();
    await page.keyboard.press('1');
    await page.keyboard.press('#');
    await page.getByText('Gesendet: 51#').waitFor();
    await page.keyboard.press('d');
    await page.getByRole('button', { name: 'Weiterleiten', exact: true }).click();
    await page.getByLabel('Warteschlange', { exact: true }).selectOption('Karten und Sperren');
    server.centre.refusal = { status: 409, code: 'queue_full', message: 'Full.' };
    await page.getByRole('button', { name: 'Jetzt weiterleiten' }).click();
    await said(server, '/desk/transfer', { queue: 'Karten und Sperren' });
    await page.getByText('Die Warteschlange ist voll').waitFor();
    await page.getByLabel('An eine Person').check();
    await page.getByLabel('Name der Person').fill('ben');
    server.centre.refusal = { status: 409, code: 'agent_not_ready', message: 'No.' };
    await page.keyboard.press('Enter');
    await said(server, '/desk/transfer', { agent: 'ben' });
    await page.getByText('Diese Person ist nicht an der Arbeit').waitFor();
    await page.getByLabel('In eine Warteschlange').check();
    await page.getByRole('button', { name: 'Jetzt weiterleiten' }).click();
    await said(server, '/desk/transfer', { queue: 'Karten und Sperren' });
    await leave(view, server);
}

// What the page offers in a question to a colleague, with the keyboard alone.
async function asks_a_colleague(browser, server) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    const press = (name) => page.getByRole('button', { name, exact: true }).press('Enter');
    await press('Weiterleiten');
    await page.getByLabel('An eine Person').check();
    await page.getByLabel('Name der Person').fill('ben');
    await press('Erst rückfragen');
    await said(server, '/desk/consult', { agent: 'ben' });
    const told_now = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
    await told_now('ben wird angerufen. Der Anrufer hört Musik.');
    assert.equal(await page.getByRole('button', { name: 'Alle zusammen' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Weiterleiten', exact: true }).count(), 0);
    assert.equal(await page.getByRole('button', { name: kHold }).count(), 1, 'nobody is on hold by hand');
    server.centre.play('consult_talking');
    await told_now('Sie sprechen mit ben. Der Anrufer hört Musik.');
    await press('Mit dem Anrufer sprechen');
    await said(server, '/desk/consultation/talk', { with: 'caller' });
    await told_now('Sie sprechen mit dem Anrufer. ben hört Musik.');
    await press('Mit ben sprechen');
    await said(server, '/desk/consultation/talk', { with: 'colleague' });
    server.centre.refusal = { status: 409, code: 'not_a_consultation', message: 'Over.' };
    await press('Alle zusammen');
    await page.getByText('Diese Rückfrage ist vorbei.').waitFor();
    server.centre.said.length = 0;
    await press('Alle zusammen');
    await said(server, '/desk/consultation/join', { contact: 41 });
    await told_now('Sie sprechen mit dem Anrufer und ben.');
    const box = await page.evaluate(() => document.activeElement?.getAttribute('aria-labelledby'));
    assert.equal(box, 'consultation', 'the keyboard stays where it was');
    await press('Weiterleiten'); // a second colleague can only be asked
    assert.equal(await page.getByRole('button', { name: 'Jetzt weiterleiten' }).count(), 0);
    await press('Schließen');
    await page.getByRole('button', { name: 'Herausnehmen (ben)' }).press('Enter');
    await said(server, '/desk/consultation/end', { contact: 41 });
    await page.getByRole('heading', { name: 'Gemeinsames Gespräch' }).waitFor({ state: 'detached' });
    server.centre.play('consult_talking');
    await press('Übergeben');
    await said(server, '/desk/consultation/complete', { contact: 41 });
    await leave(view, server);
}

// A number outside, where the centre allows any, with the keyboard alone.
async function asks_a_number(browser, server) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    const press = (name) => page.getByRole('button', { name, exact: true }).press('Enter');
    await press('Weiterleiten');
    assert.equal(await page.getByLabel('An eine Nummer außerhalb').count(), 0, 'none is allowed');
    await press('Schließen');
    server.centre.play('may_dial');
    await press('Weiterleiten');
    await page.getByLabel('An eine Nummer außerhalb').check();
    await page.getByText('beginnen: +49, +43, 4711 – aber nicht so: +4915').waitFor();
    await press('Erst rückfragen');
    await page.getByText('Geben Sie eine Nummer ein.').waitFor();
    await page.getByLabel('Telefonnummer').fill('040 123456');
    server.centre.refusal = { status: 403, code: 'number_not_allowed', message: 'No.' };
    await press('Erst rückfragen');
    await page.getByText('Diese Nummer dürfen Sie nicht anrufen.').waitFor();
    server.centre.said.length = 0;
    await press('Erst rückfragen');
    await said(server, '/desk/consult', { number: '040 123456' });
    const told_now = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
    await told_now('+4940123456 wird angerufen. Der Anrufer hört Musik.');
    server.centre.play('outside_busy');
    await told_now('+4940123456 ist besetzt.');
    server.centre.play('outside_talking');
    await told_now('Sie sprechen mit +4940123456. Der Anrufer hört Musik.');
    await press('Alle zusammen');
    await said(server, '/desk/consultation/join', { outside: true });
    server.centre.play('outside_talking');
    await press('Übergeben');
    await said(server, '/desk/consultation/complete', { outside: true });
    await leave(view, server);
}

async function look_at_outside(browser, server, manner, device = '') {
    const view = await desk_in_call(browser, server, manner);
    server.centre.play('may_dial');
    const is_german = manner.language === 'de';
    await view.page.getByRole('button', { name: is_german ? 'Weiterleiten' : 'Transfer', exact: true }).click();
    await view.page.getByLabel(is_german ? 'An eine Nummer außerhalb' : 'To a number outside').check();
    await look(view, `${device}outside_form`);
    for (const scene of ['outside_ringing', 'outside_talking', 'outside_parked', 'outside_joined']) {
        server.centre.play(scene);
        await view.page.locator('#consultation').waitFor();
        await look(view, device + scene);
    }
    server.centre.play('outside_busy');
    await look(view, `${device}outside_busy`);
    await leave(view, server);
}

async function is_asked_by_a_colleague(browser, server) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    server.centre.play('asked_alerting');
    await page.getByText('ben fragt Sie zu +49 30 901820.').waitFor();
    await told(server, 'phone_described');
    await page.getByRole('button', { name: kAnswer }).click();
    server.centre.play('asked_talking');
    await page.getByRole('button', { name: /Auflegen/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Weiterleiten', exact: true }).count(), 0);
    server.centre.play('asked_joined');
    await page.getByText('Sie sprechen mit +49 30 901820 und ben.').waitFor();
    await leave(view, server);
}

async function look_at_consultation(browser, server, manner, device = '') {
    const view = await desk_in_call(browser, server, manner);
    for (const scene of ['consult_waiting', 'consult_alerting', 'consult_talking', 'consult_parked',
        'conference', 'conference_of_five', 'asked_joined']) {
        server.centre.play(scene);
        await view.page.locator('#consultation').waitFor();
        await look(view, device + scene);
    }
    await leave(view, server);
}

async function check_tells_what_came_back(browser, server) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    await page.getByRole('button', { name: 'Einrichten und prüfen' }).click();
    await page.getByText('Ihr Mikrofon hört etwas').waitFor();
    assert.ok((await page.getByLabel('Mikrofon').locator('option').count()) > 1);
    await page.getByRole('button', { name: 'Sprechprobe' }).click();
    await told(server, 'phone_test', { wanted: true });
    await page.getByText('Bitte sprechen Sie jetzt').waitFor();
    await page.getByText('Sie hören jetzt').waitFor();
    await agent_hears(page); // the recording, played back
    await told(server, 'phone_test', { wanted: false });
    await page.getByText('Ihre Stimme kommt an').waitFor();
    await page.getByText(/^Gut: Der Ton geht auf geradem Weg .* MOS 4/).waitFor();
    await page.keyboard.press('Escape');
    await leave(view, server);
}

// A centre that offers the leg but lets no audio through: the network is what is wrong.
async function check_tells_of_a_network_without_a_way(browser, server, peer) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    const { describe } = peer;
    peer.describe = async () => {};
    await page.getByRole('button', { name: 'Einrichten und prüfen' }).click();
    await page.getByRole('button', { name: 'Sprechprobe' }).click();
    await page.getByText('Kein Ton kommt zur Zentrale durch').waitFor({ timeout: 20_000 });
    peer.describe = describe;
    await leave(view, server);
}

// One that is reached, but sends nothing back.
async function check_tells_of_a_silent_centre(browser, server, peer) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    peer.is_mute = true;
    await page.getByRole('button', { name: 'Einrichten und prüfen' }).click();
    server.centre.phone.test_refusal = { code: 'no_ports', message: 'All in use.' };
    await page.getByRole('button', { name: 'Sprechprobe' }).click();
    await page.getByText('Das ging nicht: All in use.').waitFor();
    await page.getByRole('button', { name: 'Sprechprobe' }).click();
    await page.getByText('erreichbar, aber es kam kein Ton zurück').waitFor();
    await page.getByText('hat Sie gehört, aber es kam nichts zurück').waitFor();
    peer.is_mute = false;
    await leave(view, server);
}

async function second_page_takes_the_phone_over(browser, server) {
    const view = await desk_with_phone(browser, server);
    const first = view.page;
    const second = await first.context().newPage();
    await second.goto(server.address);
    await second.getByText('Ihr Telefon ist in einem anderen Fenster').waitFor();
    await second.getByRole('button', { name: 'Hierher holen' }).click();
    await second.getByText(kHere).first().waitFor();
    await first.getByText('Ihr Telefon ist in einem anderen Fenster').first().waitFor();
    server.centre.play('alerting');
    await second.getByRole('button', { name: kAnswer }).click();
    await agent_hears(second);
    assert.equal(await first.getByRole('button', { name: kMute }).count(), 0);
    await first.getByRole('button', { name: 'Hierher holen' }).click();
    await first.getByRole('button', { name: kMute }).waitFor();
    await agent_hears(first);
    await until('the other page is silent', async () => (await heard_by_agent(second)) === -100);
    // A reload gives the call to nobody else; a page that is closed does.
    await first.reload();
    await agent_hears(first);
    await first.close({ runBeforeUnload: false });
    await second.getByRole('button', { name: kMute }).waitFor();
    await agent_hears(second);
    await leave(view, server);
}

// Answered before the browser has described its audio: the centre would not take that.
async function answer_waits_for_the_description(browser, server) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    await page.evaluate(() => {
        const { createAnswer } = RTCPeerConnection.prototype;
        RTCPeerConnection.prototype.createAnswer = async function slow() {
            await new Promise((resolve) => setTimeout(resolve, 1000));
            return createAnswer.call(this);
        };
    });
    server.centre.play('alerting');
    await page.getByRole('button', { name: kAnswer, disabled: false }).click();
    await told(server, 'phone_answered', { leg: kLeg });
    await agent_hears(page);
    assert.equal(await page.getByText('Das ging nicht').count(), 0);
    await leave(view, server);
}

// The desk's live connection breaks and comes back in mid-call.
async function lost_connection_keeps_the_call(browser, server, peer) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    await agent_hears(page);
    server.centre.is_closed_to_desks = true;
    server.centre.drop_desks();
    await page.getByText('Keine Verbindung zur Zentrale').waitFor();
    await page.getByText('wartet, bis Sie zurück sind').waitFor();
    await page.getByText('Die Verbindung zum Gespräch wird wiederhergestellt').waitFor();
    await look(view, 'phone_interrupted');
    server.centre.is_closed_to_desks = false;
    await told(server, 'phone_described', { leg: kLeg });
    await agent_hears(page);
    await caller_hears(peer);
    await leave(view, server);
}

async function refused_hold_is_taken_back(browser, server) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    server.centre.phone.hold_refusal = { code: 'no_music', message: 'Not now.' };
    await page.getByRole('button', { name: kHold }).click();
    await page.getByText('Das ging nicht: Not now.').waitFor();
    await page.getByRole('button', { name: kHold }).waitFor();
    await agent_hears(page);
    await page.getByRole('button', { name: 'Schließen' }).first().click();
    server.centre.phone.end_all('not_understood');
    await page.getByText('hat nicht verstanden, was dieser Browser').waitFor();
    await leave(view, server);
}

async function reload_keeps_the_call(browser, server, peer) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    await agent_hears(page);
    let warnings = 0;
    page.on('dialog', (dialog) => {
        warnings += dialog.type() === 'beforeunload' ? 1 : 0;
        void dialog.accept();
    });
    const from = Date.now();
    await page.reload();
    await page.getByRole('button', { name: kMute }).waitFor();
    await told(server, 'phone_described', { leg: kLeg });
    await agent_hears(page);
    await caller_hears(peer);
    console.log(`# a reload in mid-call: heard again on both sides after ${Date.now() - from} ms`);
    assert.equal(warnings, 1, 'a warning before the page goes');
    await leave(view, server);
}

async function lost_way_is_restored(browser, server, peer) {
    const view = await desk_in_call(browser, server);
    const { page } = view;
    await agent_hears(page);
    const { set_up } = peer;
    let let_through;
    const is_back = new Promise((resolve) => (let_through = resolve));
    peer.set_up = (...given) => is_back.then(() => set_up.apply(peer, given));
    await peer.close(kLeg); // as if the network were gone
    await told(server, 'phone_broken', { leg: kLeg });
    const restoring = page.getByText('Die Verbindung zum Gespräch wird wiederhergestellt');
    await restoring.waitFor();
    await look(view, 'phone_restoring');
    let_through();
    peer.set_up = set_up;
    await agent_hears(page);
    await caller_hears(peer);
    await restoring.waitFor({ state: 'detached' });
    assert.match(await page.locator('[aria-live=polite]').innerText(), /ist wieder da/);
    await leave(view, server);
}

async function a_hidden_page_shows_a_notice(browser, server) {
    server.centre.phone.forget();
    const view = await open_page(browser, server, german);
    const { page } = view;
    await page.evaluate(() => {
        globalThis.notices = [];
        globalThis.Notification = class {
            static permission = 'granted';
            static requestPermission = async () => 'granted';
            constructor(title, { body }) {
                globalThis.notices.push(this);
                Object.assign(this, { title, body, is_closed: false });
            }
            close() {
                this.is_closed = true;
            }
        };
        Object.defineProperty(document, 'hidden', { get: () => true });
    });
    await sign_in(view, 'anna');
    await play(view, server, 'ready', 'Der nächste Anruf');
    await page.getByRole('button', { name: 'anna' }).click();
    await page.getByLabel('Hinweis, wenn die Seite verdeckt ist').check();
    await play(view, server, 'alerting', 'Ein Anruf für Sie');
    const shown = () =>
        page.evaluate(() =>
            globalThis.notices.map(({ title, body, is_closed }) => ({ title, body, is_closed })),
        );
    const notice = { title: 'Ein Anruf für Sie', body: 'Kontoservice' };
    assert.deepEqual(await shown(), [{ ...notice, is_closed: false }]);
    await play(view, server, 'talking', 'Gesprächszeit');
    await until('the notice is gone', async () => (await shown())[0].is_closed);
    await leave(view, server);
}

async function refused_microphone_is_told(server) {
    const browser = await open_browser(['--use-fake-device-for-media-stream']);
    server.centre.phone.forget();
    const view = await open_page(browser, server, german);
    await sign_in(view, 'anna');
    await view.page.getByLabel('in diesem Browser').check();
    await view.page.getByText('erlauben Sie das Mikrofon').first().waitFor();
    await look(view, 'phone_not_allowed');
    await view.page.context().grantPermissions(['microphone']);
    await view.page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
    await view.page.getByText(kHere).first().waitFor();
    await browser.close();
}

async function missing_microphone_is_told(server) {
    const browser = await open_browser(['--use-fake-ui-for-media-stream']); // no device at all
    server.centre.phone.forget();
    const view = await open_page(browser, server, german);
    await sign_in(view, 'anna');
    await play(view, server, 'ready', 'Der nächste Anruf');
    await view.page.getByLabel('in diesem Browser').check();
    await view.page.getByText('Stecken Sie Ihr Headset an').waitFor();
    await look(view, 'phone_missing');
    assert.deepEqual(server.centre.phone.said, [], 'no telephone without a microphone');
    await browser.close();
}

async function centre_refuses(browser, server) {
    server.centre.phone.forget();
    server.centre.phone.refusal = { code: 'no_browser_phone', message: 'Not set up.' };
    const view = await open_page(browser, server, german);
    await sign_in(view, 'anna');
    await view.page.getByLabel('in diesem Browser').check();
    await view.page.getByText('nimmt diese Seite nicht als Ihr Telefon: Not set up.').waitFor();
    await view.page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
    await view.page.getByText(kHere).first().waitFor();
    await leave(view, server);
}

async function look_at_phone(browser, server, manner, device = '') {
    const view = await desk_with_phone(browser, server, manner);
    const { page } = view;
    await look(view, device + 'phone_here');
    await page.getByRole('button', { name: /Einrichten|Set up/ }).click();
    await page.getByText(/hört etwas|hears something/).waitFor();
    await look(view, device + 'phone_setup');
    await page.getByRole('button', { name: /Sprechprobe|Check: speak/ }).click();
    await page.getByText(/^(Netz|Network)$/).waitFor({ timeout: 20_000 });
    await look(view, device + 'phone_checked');
    await page.keyboard.press('Escape');
    server.centre.play('alerting');
    await until('the leg is there', () => server.centre.phone.legs.size === 1);
    await page.getByText(/wird vorbereitet|being prepared/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: kAnswer }).waitFor();
    await look(view, device + 'phone_alerting');
    await page.getByRole('button', { name: kAnswer }).click();
    await page.getByText(/^(gut|good)$/).waitFor();
    await look(view, device + 'phone_talking');
    await page.keyboard.press('m');
    await page.keyboard.press('d');
    await page.getByRole('button', { name: /^(Weiterleiten|Transfer)$/ }).click();
    await look(view, device + 'phone_muted_keypad_transfer');
    await page.keyboard.press('d');
    await page.getByText(/^(gut|good)$/).click();
    await look(view, device + 'phone_quality');
    await page.keyboard.press('Escape');
    await leave(view, server);
}

async function run(browser, server, peer) {
    await a_call_is_answered_and_heard(browser, server, peer);
    await mute_and_hold_silence_the_agent(browser, server, peer);
    await answer_waits_for_the_description(browser, server);
    await digits_and_transfer(browser, server);
    await asks_a_colleague(browser, server);
    await asks_a_number(browser, server);
    await is_asked_by_a_colleague(browser, server);
    await check_tells_what_came_back(browser, server);
    await check_tells_of_a_network_without_a_way(browser, server, peer);
    await check_tells_of_a_silent_centre(browser, server, peer);
    await second_page_takes_the_phone_over(browser, server);
    await reload_keeps_the_call(browser, server, peer);
    await lost_way_is_restored(browser, server, peer);
    await lost_connection_keeps_the_call(browser, server, peer);
    await refused_hold_is_taken_back(browser, server);
    await a_hidden_page_shows_a_notice(browser, server);
    await refused_microphone_is_told(server);
    await missing_microphone_is_told(server);
    await centre_refuses(browser, server);
    for (const language of ['de', 'en']) {
        for (const theme of ['light', 'dark']) {
            await look_at_phone(browser, server, { language, theme });
            await look_at_consultation(browser, server, { language, theme });
            await look_at_outside(browser, server, { language, theme });
        }
    }
    const tablet = { language: 'de', theme: 'light', size: { width: 820, height: 1180 } };
    await look_at_phone(browser, server, tablet, 'tablet_');
    const zoomed = { language: 'de', theme: 'light', size: { width: 640, height: 360 }, scale: 2 };
    await look_at_phone(browser, server, zoomed);
    await look_at_consultation(browser, server, zoomed);
    await look_at_outside(browser, server, zoomed);
}

await run_with_peer('desk_phone', run);
