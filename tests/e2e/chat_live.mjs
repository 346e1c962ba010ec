// Chats in a real Chromium against the real centre: a guest writes on the call page, an agent at the
// desk takes it beside a call, writes back, both send files, the chat is given away to a colleague
// with all that was written, and it is over for the guest when the colleague ends it. Run by
// packaging/page.sh e2e:live. Screenshots go to LANZE_SHOTS if that is set.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { open_browser } from './browser.mjs';
import { check, check_equal, lanze_call, need, run_tests, start_centre, test } from './lib.mjs';

const kDeadlineMs = 15_000;
const agent = (name) => `
[[agent]]
name = "${name}"
skills = { bank = 3 }
phone = "registered"
password = "phone-of-${name}"
at_once = { chats = 2 }
interrupts = { calls = ["chats"] }
wrap_up = "60s"
check_every = "0s"
`;
const kFloor = `
[call_page]
enabled = true
[[call_page.concern]]
queue = "bank"
title_de = "Fragen zum Konto"
title_en = "About your account"
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
${agent('anna')}${agent('ben')}`;

async function open_page(browser, address) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(kDeadlineMs);
    await page.goto(address);
    return page;
}

async function sign_in(browser, centre, name) {
    const page = await open_page(browser, `http://${centre.address}:8080/`);
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[type=password]').fill(centre.passwords[name]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Not ready' }).waitFor();
    return page;
}

async function look(page, name) {
    if (process.env.LANZE_SHOTS) {
        await page.screenshot({ path: join(process.env.LANZE_SHOTS, `${name}.png`) });
    }
}

const in_log = (page, text) => page.getByRole('log').getByText(text).waitFor();

async function say(page, text) {
    await page.getByRole('textbox', { name: 'Your message' }).fill(text);
    await page.getByRole('textbox', { name: 'Your message' }).press('Enter');
    await in_log(page, text);
}

async function save_of(page, role, name) {
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole(role, { name }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
}

// A phone that is there, so that the agent can be ready.
async function phone_of(centre, name) {
    const phone = lanze_call(centre, ['--agent', '--password', `phone-of-${name}`, '--answer-after', '1',
        '--for', '120', name]);
    await phone.says('registered');
}

test('a guest writes, an agent takes it beside a call and gives it away with all that was written', async () => {
    need('chromium');
    const centre = await start_centre({ floor: kFloor });
    await phone_of(centre, 'anna');
    await phone_of(centre, 'ben');
    const browser = await open_browser();
    const anna = await sign_in(browser, centre, 'anna');
    await anna.keyboard.press('r');
    await centre.agent_is('anna', 'ready');

    const guest = await open_page(browser, `http://${centre.address}:8080/call?concern=bank`);
    await guest.getByLabel('About your account').waitFor();
    await guest.getByLabel(/Your name/).fill('Lena Petersen');
    await guest.getByRole('button', { name: 'Write instead' }).click();
    await anna.getByText('A chat for you').waitFor();
    await say(guest, 'My card is gone.');
    check_equal(await anna.getByText('My card is gone.').count(), 0, 'read before it is taken');
    await anna.keyboard.press('c');
    await in_log(anna, 'My card is gone.');
    await anna.getByText('Lena Petersen').first().waitFor();
    await guest.getByRole('heading', { name: 'You are in a chat' }).waitFor();

    // A call beside the chat.
    const caller = lanze_call(centre, ['--for', '3', 'bank']);
    await anna.getByText('A call for you').first().waitFor();
    await say(anna, 'I block it at once.');
    await in_log(guest, 'I block it at once.');
    await look(anna, 'live_chat_beside_call');
    await caller.ended();
    check_equal(caller.code, 0, 'exit code of the caller');

    await anna.getByRole('textbox', { name: 'Your message' }).pressSequentially('One mo');
    await guest.getByText('Somebody is writing to you').waitFor();
    await guest.getByRole('textbox', { name: 'Your message' }).pressSequentially('Than');
    await anna.getByText('The caller is writing').waitFor();

    const text = Buffer.from('what is in the contract\n'.repeat(10_000));
    const contract = { name: 'contract.txt', mimeType: 'text/plain', buffer: text };
    await guest.locator('input[type=file]').setInputFiles(contract);
    check_equal(await save_of(anna, 'link', 'File: contract.txt'), text.toString(), 'the file at the desk');
    await anna.locator('input[type=file]').setInputFiles({ ...contract, name: 'answer.txt' });
    check_equal(await save_of(guest, 'button', 'File: answer.txt'), text.toString(), 'the file at the guest\'s');
    const program = { name: 'game.txt', mimeType: 'text/plain', buffer: Buffer.from([77, 90, 0, 1]) };
    await guest.locator('input[type=file]').setInputFiles(program);
    await guest.getByText('This file was not taken').waitFor();

    // Both pages are loaded again, and nothing is lost.
    await anna.reload();
    await in_log(anna, 'I block it at once.');
    await guest.reload();
    await in_log(guest, 'I block it at once.');
    await look(guest, 'live_chat_guest');

    const ben = await sign_in(browser, centre, 'ben');
    await ben.keyboard.press('r');
    await centre.agent_is('ben', 'ready');
    await anna.getByRole('button', { name: 'Transfer' }).click();
    await anna.getByLabel('To an agent').check();
    await anna.getByLabel('Name of the agent').fill('ben');
    await anna.getByRole('button', { name: 'Transfer now' }).click();
    await ben.getByText('A chat for you').waitFor();
    await ben.keyboard.press('c');
    await in_log(ben, 'My card is gone.');
    await in_log(ben, 'contract.txt');
    await say(ben, 'Hello, this is somebody else.');
    await in_log(guest, 'Hello, this is somebody else.');
    // Who has given it away reads no more of it.
    check_equal(await anna.getByText('this is somebody else').count(), 0, 'read by who gave it away');

    await ben.getByRole('button', { name: 'End the chat' }).click();
    await guest.getByText('The chat was ended by the other side.').waitFor();
    const saved = await save_of(guest, 'button', 'Save what was written');
    check(/You: My card is gone\.\n.*Customer service: I block it at once\./.test(saved), `the transcript:\n${saved}`);
    await ben.getByLabel('Solved').check();
    await ben.getByRole('button', { name: /End wrap-up/ }).click();
    const ended = await centre.ended_contacts();
    check_equal(ended.find((one) => one.outcome === 'solved')?.end, 'finished', 'the record of the chat');
});

await run_tests();
