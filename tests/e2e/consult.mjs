// Consultation, conference and attended transfer with phones whose tones differ: after each step everybody's
// recording is measured at each frequency, so that a talk with the wrong one shows.
import { Baresip } from './baresip.mjs';
import { check, check_equal, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { desk_of, hear as hear_tones } from './talks.mjs';

const kHertz = { lena: 2600, anna: 2050, ben: 1450, cleo: 3100, dora: 1750 }; // none that the music has
const kAgents = [['anna', 'bank'], ['ben', 'travel'], ['cleo', 'loans'], ['dora', 'cards']];
const kFloor = kAgents.map(([, skill]) => `
[[queue]]
name = "${skill}"
numbers = ["${skill}"]
skills = { ${skill} = 1 }
`).join('') + kAgents.map(([name, skill]) => `
[[agent]]
name = "${name}"
phone = "registered"
password = "${name}-on-trial"
starts = "ready"
desk = true
wrap_up = "0s"
skills = { ${skill} = 1 }
`).join('');

const phone_of = (centre, name, answermode = 'auto') => Baresip.start({
    account: `<sip:${name}@${centre.sip}>;auth_user=${name};auth_pass=${name}-on-trial;regint=60`,
    hertz: kHertz[name],
    answermode,
    name,
});

// lena talks with anna; the others are ready.
async function start_talk(answermodes = {}) {
    need('baresip');
    const centre = await start_centre({ floor: kFloor });
    const phones = {};
    for (const [name] of kAgents) {
        phones[name] = await phone_of(centre, name, answermodes[name]);
        await centre.agent_is(name, 'ready');
    }
    const account = '<sip:lena@127.0.0.1>;regint=0';
    phones.lena = await Baresip.start({ account, hertz: kHertz.lena, name: 'lena', dial: `sip:bank@${centre.sip}` });
    await phones.anna.event('CALL_ESTABLISHED');
    await centre.agent_is('anna', 'talking');
    return { centre, phones, desk: await desk_of(centre, 'anna') };
}

const hear = (phones, what, ...talks) => hear_tones(phones, kHertz, what, ...talks);

// Alone: music, and nobody's tone.
async function hears_music(phones, what, name) {
    const { [name]: heard } = await hear(phones, what, [name]);
    check(heard.all > -45, `${what}: ${name} hears no music (${heard.all} dB)`);
}

test('a colleague is asked, joins, and takes the caller over', async () => {
    const { centre, phones, desk } = await start_talk();
    await hear(phones, 'at first', ['lena', 'anna']);
    check_equal(await desk.status('consultation/join'), 409, 'nobody is asked yet');
    await desk.does('consult', { agent: 'ben' });
    await phones.ben.event('CALL_ESTABLISHED');
    await Promise.all([
        hear(phones, 'consultation', ['anna', 'ben']),
        hears_music(phones, 'consultation', 'lena'),
    ]);
    check_equal(await desk.status('transfer', { queue: 'travel' }), 409, 'no blind transfer meanwhile');
    await desk.does('consultation/talk', { with: 'caller' });
    await Promise.all([
        hear(phones, 'turned to the caller', ['anna', 'lena']),
        hears_music(phones, 'turned to the caller', 'ben'),
    ]);
    await desk.does('consultation/talk', { with: 'colleague' });
    await hear(phones, 'turned back', ['anna', 'ben']);
    await desk.does('consultation/join');
    await hear(phones, 'conference of three', ['lena', 'anna', 'ben']);
    await desk.does('consult', { agent: 'cleo' });
    await phones.cleo.event('CALL_ESTABLISHED');
    await hear(phones, 'cleo is asked', ['anna', 'cleo'], ['lena', 'ben']);
    await desk.does('consultation/join');
    await hear(phones, 'conference of four', ['lena', 'anna', 'ben', 'cleo']);
    await desk.does('consult', { agent: 'dora' });
    await phones.dora.event('CALL_ESTABLISHED');
    await desk.does('consultation/join');
    await hear(phones, 'conference of five', ['lena', 'anna', 'ben', 'cleo', 'dora']);
    check_equal(await desk.status('consult', { queue: 'travel' }), 409, 'a conference has no more than five');
    phones.dora.command('hangup');
    await centre.agent_is('dora', 'ready');
    await desk.does('consultation/complete');
    await phones.anna.event('CALL_CLOSED');
    await centre.agent_is('anna', 'ready');
    await hear(phones, 'anna is out', ['lena', 'ben', 'cleo']);
    phones.cleo.command('hangup');
    await centre.agent_is('cleo', 'ready');
    await hear(phones, 'cleo is out', ['lena', 'ben']);
    check_equal(await desk.status('consultation/end'), 409, 'it is not hers any more');
    phones.lena.command('hangup');
    await phones.ben.event('CALL_CLOSED');
    const records = await wait_for('two records', async () => {
        const ended = await centre.ended_contacts();
        return ended.length === 2 && ended;
    });
    check_equal(records.map(({ end }) => end), ['finished', 'transferred'], 'the ends, newest first');
});

test('attended transfer: the caller hears the colleague, not the agent', async () => {
    const { centre, phones, desk } = await start_talk();
    await desk.does('consult', { queue: 'travel' });
    await phones.ben.event('CALL_ESTABLISHED');
    await hear(phones, 'consultation', ['anna', 'ben']);
    await desk.does('consultation/complete');
    await phones.anna.event('CALL_CLOSED');
    await hear(phones, 'handed over', ['lena', 'ben']);
    await centre.agent_is('anna', 'ready');
    phones.ben.command('hangup');
    await phones.lena.event('CALL_CLOSED');
    await centre.agent_is('ben', 'ready');
});

test('whoever hangs up, the right ones go on', async () => {
    const { centre, phones, desk } = await start_talk({ ben: 'manual' });
    await desk.does('consult', { agent: 'ben' });
    await phones.ben.event('CALL_INCOMING');
    await wait_for('the question is ended before he answers', async () =>
        (await desk.status('consultation/end')) === 200);
    await phones.ben.event('CALL_CLOSED');
    await hear(phones, 'asked no more', ['lena', 'anna']);

    await desk.does('consult', { agent: 'cleo' });
    await phones.cleo.event('CALL_ESTABLISHED');
    await hear(phones, 'cleo is asked', ['anna', 'cleo']);
    phones.cleo.command('hangup');
    await hear(phones, 'cleo hangs up', ['lena', 'anna']);
    await centre.agent_is('cleo', 'ready');

    await desk.does('consult', { agent: 'cleo' });
    await phones.cleo.event('CALL_ESTABLISHED');
    phones.anna.command('hangup'); // hands over, as telephones do
    await hear(phones, 'anna hangs up', ['lena', 'cleo']);
    await centre.agent_is('anna', 'ready');
    phones.lena.command('hangup');
    await phones.cleo.event('CALL_CLOSED');
    await centre.agent_is('cleo', 'ready');
});

test('a call of her own accord to a colleague', async () => {
    need('baresip');
    const centre = await start_centre({ floor: kFloor });
    const phones = {};
    for (const name of ['anna', 'ben']) {
        phones[name] = await phone_of(centre, name);
        await centre.agent_is(name, 'ready');
    }
    const desk = await desk_of(centre, 'anna');
    await desk.does('dial', { agent: 'ben' });
    await phones.ben.event('CALL_ESTABLISHED');
    await centre.agent_is('ben', 'talking');
    await hear(phones, 'anna calls ben', ['anna', 'ben']);
    const asked = (await centre.open_contacts()).find((one) => one.channel === 'consultation');
    check_equal([asked.caller, asked.about_caller], ['anna', null], 'what ben is shown');
    check_equal(await desk.status('transfer', { agent: 'cleo' }), 409, 'there is no caller to give away');
    check_equal(await desk.status('dial', { agent: 'ben' }), 409, 'one call at a time');
    await desk.does('hang-up');
    await phones.ben.event('CALL_CLOSED');
    for (const name of ['anna', 'ben']) {
        await centre.agent_is(name, 'ready');
    }
    check_equal((await desk.himself()).dialled, { to: 'ben', end: 'by_us' }, 'how it ended');
    check_equal(await desk.status('dial', { agent: 'cleo' }), 409, 'cleo is not at work');
    const ben = await desk_of(centre, 'ben');
    await ben.does('not-ready', { reason: 'break_time' });
    check_equal(await desk.status('dial', { agent: 'ben' }), 409, 'a break is not interrupted');
    check_equal((await centre.ended_contacts()).length, 0, 'nothing was counted');
});

await run_tests();
