// An agent calls somebody without a caller: a colleague, a queue, a number outside. The built page in
// Chromium against the stand-in of ui/dev, with and without the telephone in the page; the called
// party is a second Chromium that hums. Run by `npm run e2e` in ui/.
import assert from 'node:assert/strict';

import { look, open_page, play, said, sign_in, until } from './desk_page.mjs';
import {
    agent_hears,
    caller_hears,
    caller_hears_nothing,
    desk_with_phone,
    german,
    kHold,
    kLeg,
    kMute,
    kResume,
    leave,
    run_with_peer,
    told,
} from './desk_phone_page.mjs';

const kCall = /^(Jemanden anrufen|Call somebody)$/;

const told_now = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();
const aloud = (page) => page.locator('[aria-live=assertive]').innerText();
const focused = (page) =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-labelledby') ?? '');

// Neither sound nor notice for a call that the agent asked for.
function count_notices(page) {
    return page.addInitScript(() => {
        globalThis.notices = 0;
        globalThis.Notification = class {
            static permission = 'granted';
            constructor() {
                globalThis.notices += 1;
            }
            close() {}
        };
        Object.defineProperty(document, 'hidden', { get: () => true });
        localStorage.setItem('lanze.notice', 'on');
    });
}

// A call to a colleague by the keyboard alone; nobody presses Answer.
async function a_colleague_is_called(browser, server, peer) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    await page.getByRole('button', { name: kCall }).press('Enter');
    await page.getByRole('button', { name: 'Anrufen', exact: true }).press('Enter');
    await page.getByText('Geben Sie einen Namen ein.').waitFor();
    assert.equal(server.centre.said.length, 0);
    assert.equal(await page.getByLabel('Eine Nummer außerhalb').count(), 0, 'none is allowed');
    await page.getByLabel('Name der Person').fill('ben');
    await page.keyboard.press('Enter');
    await said(server, '/desk/dial', { agent: 'ben' });
    await told(server, 'phone_answered', { leg: kLeg });
    await told_now(page, 'ben wird angerufen.');
    assert.equal(await page.getByRole('button', { name: /^(Annehmen|Ablehnen)/ }).count(), 0);
    assert.equal(await focused(page), 'contact', 'the keyboard stays in the panel');
    server.centre.play('own_talking');
    await told_now(page, 'Sie sprechen mit ben.');
    await agent_hears(page);
    await caller_hears(peer);
    await no_customer_is_shown(page);
    await hold_and_digits(server, page, peer);
    await page.getByRole('button', { name: 'Auflegen' }).press('Enter');
    await said(server, '/desk/hang-up');
    await page.getByText('Kein Anruf', { exact: true }).waitFor();
    assert.equal(await focused(page), 'contact', 'and after the call, too');
    assert.equal(await page.getByText('Wie ist es ausgegangen').count(), 0, 'no wrap-up');
    await leave(view, server);
}

async function no_customer_is_shown(page) {
    for (const name of ['Weiterleiten', 'Alle zusammen', 'Übergeben', 'Mit dem Anrufer sprechen']) {
        assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
    }
    for (const text of ['Notizen', 'Frühere Anrufe', 'Warum Sie', 'Wissen suchen']) {
        assert.equal(await page.getByRole('main').getByText(text).count(), 0, text);
    }
}

async function hold_and_digits(server, page, peer) {
    await page.getByRole('button', { name: kHold }).press('Enter');
    await told(server, 'phone_held', { leg: kLeg, held: true });
    await caller_hears_nothing(peer);
    await page.getByRole('button', { name: kResume }).press('Enter');
    await told(server, 'phone_held', { leg: kLeg, held: false });
    await caller_hears(peer);
    await page.keyboard.press('d');
    await page.getByRole('button', { name: 'Ziffer 5' }).press('Enter');
    await page.getByText('Gesendet: 5').waitFor();
    await page.keyboard.press('d');
}

// The leg may come before the contact is in the picture, and is taken when it is.
async function the_leg_comes_first(browser, server) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    const { dial } = server.centre;
    server.centre.dial = () => void server.centre.phone.add(50);
    server.centre.phone.answer = () => {};
    await page.getByRole('button', { name: kCall }).click();
    await page.getByLabel('Name der Person').fill('ben');
    await page.getByRole('button', { name: 'Anrufen', exact: true }).click();
    await told(server, 'phone_described', { leg: kLeg });
    const is_answered = server.centre.phone.said.some((one) => one.type === 'phone_answered');
    assert.equal(is_answered, false, 'it may be a caller as long as nobody says what it is');
    server.centre.play('own_talking');
    await told(server, 'phone_answered', { leg: kLeg });
    await told_now(page, 'Sie sprechen mit ben.');
    await page.getByRole('button', { name: kMute }).waitFor();
    server.centre.dial = dial;
    delete server.centre.phone.answer;
    server.centre.said.length = 0;
    await leave(view, server);
}

// A caller who comes between is presented as ever.
async function a_caller_is_not_taken(browser, server) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    server.centre.refusal = { status: 409, code: 'agent_alerting', message: 'No.' };
    await page.getByRole('button', { name: kCall }).click();
    await page.getByLabel('Name der Person').fill('ben');
    await page.getByRole('button', { name: 'Anrufen', exact: true }).click();
    await said(server, '/desk/dial', { agent: 'ben' });
    await page.getByText('Das geht gerade nicht').waitFor();
    server.centre.play('alerting');
    await told(server, 'phone_described');
    await page.getByRole('button', { name: /^Annehmen/, disabled: false }).waitFor();
    await page.waitForFunction(() => document.querySelector('audio').srcObject === null);
    assert.ok(!server.centre.phone.said.some((one) => one.type === 'phone_answered'));
    await leave(view, server);
}

async function reload_keeps_the_own_call(browser, server, peer) {
    const view = await desk_with_phone(browser, server);
    const { page } = view;
    await count_notices(page);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByRole('button', { name: kCall }).click();
    await page.getByLabel('Name der Person').fill('ben');
    await page.keyboard.press('Enter');
    await said(server, '/desk/dial', { agent: 'ben' });
    await told_now(page, 'ben wird angerufen.');
    assert.equal(await page.evaluate(() => globalThis.notices), 0, 'no notice');
    server.centre.play('own_talking');
    await agent_hears(page);
    await page.reload();
    await told_now(page, 'Sie sprechen mit ben.');
    await page.getByRole('button', { name: kMute }).waitFor();
    await agent_hears(page);
    await caller_hears(peer);
    await leave(view, server);
}

// With a telephone of his own, and a number.
async function a_number_is_called(browser, server) {
    server.centre.phone.forget();
    const view = await open_page(browser, server, german);
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'may_dial_ready', 'Der nächste Anruf');
    await page.getByRole('button', { name: kCall }).click();
    await page.getByLabel('Eine Nummer außerhalb').check();
    await page.getByText('beginnen: +49, +43, 4711 – aber nicht so: +4915').waitFor();
    await page.getByLabel('Telefonnummer').fill('040 123456');
    const refusals = [
        [403, 'number_not_allowed', 'Diese Nummer dürfen Sie nicht anrufen.'],
        [429, 'dial_limit', 'so viele Anrufe nach außen'],
        [503, 'trunk_unavailable', 'Verbindung zum Telefonnetz fehlt'],
        [503, 'no_ports', 'Das ging nicht: No.'],
    ];
    for (const [status, code, text] of refusals) {
        server.centre.refusal = { status, code, message: 'No.' };
        await page.keyboard.press('Enter');
        await said(server, '/desk/dial', { number: '040 123456' });
        await page.getByText(text).waitFor();
    }
    await page.keyboard.press('Enter');
    await said(server, '/desk/dial', { number: '040 123456' });
    await told_now(page, 'Ihr Telefon klingelt. Heben Sie ab, dann wird 040 123456 angerufen.');
    server.centre.play('own_ringing');
    await told_now(page, '+4940123456: Es klingelt dort.');
    assert.match(await aloud(page), /Ihr Telefon klingelt/);
    server.centre.play('own_outside');
    await told_now(page, 'Sie sprechen mit +4940123456.');
    await leave(view, server);
}

async function why_nobody_was_reached(browser, server) {
    server.centre.phone.forget();
    const view = await open_page(browser, server, german);
    const { page } = view;
    server.centre.play('own_busy');
    await sign_in(view, 'anna');
    const busy = page.getByRole('main').getByText('ben ist besetzt.');
    await page.getByText('Kein Anruf', { exact: true }).waitFor();
    assert.equal(await busy.count(), 0, 'what was there before the page is no news');
    const calls_in_vain = async () => {
        await play(view, server, 'own_alerting', 'ben wird angerufen.');
        await play(view, server, 'own_busy', 'ben ist besetzt.');
    };
    await calls_in_vain();
    assert.equal(await aloud(page), 'ben ist besetzt. Sie sind bereit.');
    await page.getByRole('main').getByRole('button', { name: 'Schließen' }).press('Enter');
    await busy.waitFor({ state: 'detached' });
    await calls_in_vain(); // again, and a contact comes
    const remembered = (agent) => (agent.dialled = { to: 'ben', end: 'busy' });
    server.centre.play('alerting', remembered);
    await page.getByText('Ein Anruf für Sie').first().waitFor();
    server.centre.play('ready', remembered);
    await page.getByText('Kein Anruf', { exact: true }).waitFor();
    assert.equal(await busy.count(), 0, 'not after a contact');
    await calls_in_vain(); // again, and somebody else is called
    await page.getByRole('button', { name: kCall }).click();
    await page.getByLabel('Eine Warteschlange').check();
    await page.getByLabel('Warteschlange', { exact: true }).selectOption('Karten und Sperren');
    await page.getByRole('button', { name: 'Anrufen', exact: true }).click();
    await said(server, '/desk/dial', { queue: 'Karten und Sperren' });
    await play(view, server, 'own_left', 'Der nächste Anruf');
    assert.equal(await busy.count(), 0, 'somebody was reached');
    await leave(view, server);
}

async function is_called_by_a_colleague(browser, server) {
    server.centre.phone.forget();
    const view = await open_page(browser, server, german);
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'called_by_colleague', 'ben ruft Sie an.');
    await play(view, server, 'talks_with_colleague', 'Sie sprechen mit ben.');
    assert.equal(await page.getByRole('button', { name: 'Weiterleiten', exact: true }).count(), 0);
    await leave(view, server);
}

async function look_at_own_calls(browser, server, manner) {
    const is_german = manner.language === 'de';
    server.centre.phone.forget();
    const view = await open_page(browser, server, manner);
    const { page } = view;
    await sign_in(view, 'anna');
    await play(view, server, 'may_dial_ready', kCall);
    await look(view, 'dial_none');
    await page.getByRole('button', { name: kCall }).click();
    await look(view, 'dial_agent');
    await page.getByLabel(is_german ? 'Eine Nummer außerhalb' : 'A number outside').check();
    await page.keyboard.press('Enter');
    await look(view, 'dial_number_missing');
    for (const scene of ['own_lift', 'own_waiting', 'own_ringing', 'own_long_name']) {
        server.centre.play(scene);
        await until(scene, async () => (await page.locator('#contact').innerText()) !== '');
        await page.getByRole('heading', { name: is_german ? 'Ihr Anruf' : 'Your call' }).waitFor();
        await look(view, scene);
    }
    await play(view, server, 'own_no_answer', is_german ? 'Kein Anruf' : 'No contact');
    await look(view, 'own_no_answer');
    await play(view, server, 'own_ringing', '+4940123456');
    await play(view, server, 'own_unknown', is_german ? /gibt es nicht/ : /There is no number/);
    await look(view, 'own_unknown');
    await play(view, server, 'called_by_colleague', is_german ? 'ben ruft Sie an.' : 'ben calls you.');
    await look(view, 'called_by_colleague');
    await leave(view, server);
    await look_at_it_with_the_phone(browser, server, manner);
    await look_at_the_contacts(browser, server, manner);
}

async function look_at_it_with_the_phone(browser, server, manner) {
    const view = await desk_with_phone(browser, server, manner);
    server.centre.play('own_talking');
    await view.page.getByRole('button', { name: kMute }).waitFor();
    server.centre.play('own_talking');
    await view.page.getByText(/^(gut|good)$/).waitFor();
    await look(view, 'own_talking_here');
    await leave(view, server);
}

async function look_at_the_contacts(browser, server, manner) {
    const view = await open_page(browser, server, manner);
    await sign_in(view, 'greta');
    await view.page.getByText(/^(Eigener Anruf|Own call): Dr\. Constanze/).waitFor();
    await look(view, 'own_call_queues');
    await view.page.context().close();
}

await run_with_peer('desk_own_call', async (browser, server, peer) => {
    await a_colleague_is_called(browser, server, peer);
    await the_leg_comes_first(browser, server);
    await a_caller_is_not_taken(browser, server);
    await reload_keeps_the_own_call(browser, server, peer);
    await a_number_is_called(browser, server);
    await why_nobody_was_reached(browser, server);
    await is_called_by_a_colleague(browser, server);
    for (const language of ['de', 'en']) {
        for (const theme of ['light', 'dark']) {
            await look_at_own_calls(browser, server, { language, theme });
        }
    }
    await look_at_own_calls(browser, server, { ...german, size: { width: 640, height: 360 }, scale: 2 });
});
