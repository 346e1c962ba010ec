// Consultation with telephones in browsers and the real centre: anna at her page asks ben at his phone, and digits
// that she presses arrive at the far end. Run by packaging/page.sh e2e:consult.
import { check, check_equal, lanze_call, need, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { agent_hears_the_caller, caller_hears, floor, in_call, kDeadlineMs, kLoud, kTone, look, open_browser_with_microphone, open_desk } from './phone_desk.mjs';

const kBenTone = 1000;
const with_ben = floor(`
[[agent]]
name = "ben"
skills = { travel = 3 }
phone = "registered"
password = "ben-on-trial"
starts = "ready"
wrap_up = "0s"
`) + `
[[queue]]
name = "travel"
numbers = ["travel"]
skills = { travel = 1 }
`;

// The newest line of what a softphone hears, from now on: the level and the strongest frequency.
async function hears(phone, what, is_fine) {
    const lines = () => [...phone.output.matchAll(/hears +(-?[\d.]+) dBm0, strongest at +(\d+) Hz/g)]
        .map(([, level, frequency]) => ({ level: Number(level), frequency: Number(frequency) }));
    const before = lines().length;
    await wait_for(() => `${what}; heard ${JSON.stringify(lines().slice(before))}`,
        () => lines().slice(before + 1).some(is_fine), kDeadlineMs);
    const last = lines().at(-1);
    console.log(`# ${what}: ${last.level} dBm0, strongest at ${last.frequency} Hz`);
}
const near = (hertz) => ({ level, frequency }) => level > -40 && Math.abs(frequency - hertz) < 20;

async function start_ben() {
    need('chromium');
    const centre = await start_centre({ floor: with_ben });
    const ben = lanze_call(centre, ['--agent', '--password', 'ben-on-trial', '--tone', String(kBenTone), '--for', '120', 'ben']);
    await centre.agent_is('ben', 'ready');
    return { centre, ben };
}

async function start() {
    const { centre, ben } = await start_ben();
    return { centre, ben, ...(await in_call(centre, { seconds: 120 })) };
}

test('anna asks ben from her page, all talk together, and she hands over', async () => {
    const { centre, ben, desk, caller } = await start();
    await desk.getByRole('button', { name: 'Transfer', exact: true }).click();
    await desk.getByLabel('To an agent').check();
    await desk.getByLabel('Name of the agent').fill('ben');
    await desk.getByRole('button', { name: 'Ask first' }).click();
    await desk.getByText('You are talking with ben. The caller hears music.').waitFor();
    await agent_hears_the_caller(desk, kBenTone);
    await caller_hears(caller, 'music', kLoud);
    await look(desk, 'live_consultation');
    await desk.getByRole('button', { name: 'Talk to the caller' }).click();
    await agent_hears_the_caller(desk);
    await desk.getByRole('button', { name: 'Talk to ben' }).click();
    await agent_hears_the_caller(desk, kBenTone);
    await desk.getByRole('button', { name: 'All together' }).click();
    await desk.getByText('You are talking with the caller and ben.').waitFor();
    await desk.keyboard.press('m'); // the microphone's beeps are louder than the tones
    await hears(ben, 'ben hears the caller', near(kTone));
    await hears(caller, 'the caller hears ben', near(kBenTone));
    await look(desk, 'live_conference');
    await desk.keyboard.press('m');
    await caller_hears(caller, 'anna and ben', kLoud);
    await desk.reload(); // and in a conference, too
    await desk.getByText('You are talking with the caller and ben.').waitFor();
    await desk.keyboard.press('m');
    await desk.getByRole('button', { name: 'Hand over (ben)' }).click();
    await centre.agent_is('anna', 'ready');
    await hears(ben, 'ben hears the caller', near(kTone));
    await hears(caller, 'the caller hears ben', near(kBenTone));
    await caller.end();
    await centre.agent_is('ben', 'ready');
});

test('digits that are pressed in the page arrive at the far end', async () => {
    const { centre, desk, caller } = await start();
    await desk.keyboard.press('d');
    for (const key of ['5', '1', '#']) {
        await desk.keyboard.press(key);
    }
    await wait_for(() => `the digits; said ${caller.output}`, () =>
        [...caller.output.matchAll(/hears the digits (\S+)/g)].map(([, digits]) => digits).join('') === '51#',
    kDeadlineMs);
    await desk.keyboard.press('d');
    await desk.getByRole('button', { name: /Hang up/ }).click();
    await caller.ended();
    check_equal(caller.code, 0, 'exit code of the caller');
    check((await centre.agent('anna')).state !== 'talking', 'anna still talks');
});

test('anna calls ben of her own accord from her page, and reloads it meanwhile', async () => {
    const { centre, ben } = await start_ben();
    const desk = await open_desk(await open_browser_with_microphone(), centre);
    await desk.getByRole('button', { name: 'Call somebody' }).click();
    await desk.getByLabel('Name of the agent').fill('ben');
    await desk.getByRole('button', { name: 'Call', exact: true }).click();
    await desk.getByText('You are talking with ben.').waitFor();
    await agent_hears_the_caller(desk, kBenTone);
    await hears(ben, 'ben hears anna', ({ level }) => level > -40);
    await centre.agent_is('ben', 'talking');
    await look(desk, 'live_own_call');
    await desk.reload();
    await desk.getByText('You are talking with ben.').waitFor();
    await agent_hears_the_caller(desk, kBenTone);
    await hears(ben, 'ben hears anna after her reload', ({ level }) => level > -40);
    await desk.getByRole('button', { name: /Hang up/ }).click();
    for (const name of ['anna', 'ben']) {
        await centre.agent_is(name, 'ready');
    }
    await desk.getByRole('button', { name: 'Call somebody' }).waitFor();
    check_equal((await centre.ended_contacts()).length, 0, 'nothing was counted');
});

await run_tests();
