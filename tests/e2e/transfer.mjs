// A caller is handed on to another queue at the desk: he hears the music, then the next agent, and each
// queue counts its own part.
import { spawnSync } from 'node:child_process';
import { Baresip } from './baresip.mjs';
import { check, check_equal, kProgram, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';

const kCallerHertz = 440;
const kAnnaHertz = 880;
const kBenHertz = 1200;

const kFloor = ['bank', 'travel'].map((name) => `
[[queue]]
name = "${name}"
numbers = ["${name}"]
skills = { ${name} = 1 }
`).join('') + [['anna', 'bank'], ['ben', 'travel']].map(([name, skill]) => `
[[agent]]
name = "${name}"
phone = "registered"
password = "${name}-on-trial"
starts = "ready"
desk = true
wrap_up = "1s"
skills = { ${skill} = 1 }
`).join('');

function phone_of(centre, name, hertz) {
    const account = `<sip:${name}@${centre.sip}>;auth_user=${name};auth_pass=${name}-on-trial;regint=60`;
    return Baresip.start({ account, hertz, answermode: 'auto', name });
}

// The status of a request of the agent's own desk.
async function at_desk(centre, name, path, body) {
    const base = `http://${centre.address}:8080`;
    const post = (to, sent, cookie = '') => fetch(base + to, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: base, Cookie: cookie },
        body: JSON.stringify(sent),
    });
    const session = await post('/api/v1/session', { name, password: centre.passwords[name] });
    check(session.ok, `sign-in of ${name}: ${session.status}`);
    const cookie = session.headers.get('set-cookie').split(';')[0];
    return (await post(`/api/v1/desk/${path}`, body, cookie)).status;
}

const why_of = (centre, contact) =>
    spawnSync(kProgram, ['why', String(contact), centre.config]).stdout.toString();

test('a caller is handed on to another queue', async () => {
    need('baresip');
    const centre = await start_centre({ floor: kFloor });
    const anna = await phone_of(centre, 'anna', kAnnaHertz);
    const ben = await phone_of(centre, 'ben', kBenHertz);
    await centre.agent_is('anna', 'ready');
    await centre.agent_is('ben', 'ready');
    const account = '<sip:lena@127.0.0.1>;regint=0';
    const lena = await Baresip.start({ account, hertz: kCallerHertz, name: 'lena', dial: `sip:bank@${centre.sip}` });
    await anna.event('CALL_ESTABLISHED');
    await centre.agent_is('anna', 'talking');
    const first = await lena.hears([kAnnaHertz, kBenHertz], 2);
    note(`lena hears ${JSON.stringify(first)}`);
    check(first[kAnnaHertz] > -20 && first[kBenHertz] < -40, 'lena does not hear anna');

    check_equal(await at_desk(centre, 'anna', 'transfer', { queue: 'nowhere' }), 400, 'no such queue');
    check_equal(await at_desk(centre, 'anna', 'transfer', { queue: 'travel' }), 200, 'the transfer');
    await anna.event('CALL_CLOSED');
    await ben.event('CALL_ESTABLISHED');
    await centre.agent_is('ben', 'talking');
    await lena.hears([kBenHertz], 0.5);
    const second = await lena.hears([kAnnaHertz, kBenHertz], 1);
    const heard_by_ben = await ben.hears([kCallerHertz], 1);
    note(`then ${JSON.stringify(second)}, and ben ${JSON.stringify(heard_by_ben)}`);
    check(second[kBenHertz] > -20 && second[kAnnaHertz] < -40, 'lena does not hear ben');
    check(heard_by_ben[kCallerHertz] > -20, 'ben does not hear lena');
    check_equal(await at_desk(centre, 'anna', 'transfer', { queue: 'travel' }), 409, 'it is not hers any more');

    lena.command('hangup');
    await ben.event('CALL_CLOSED');
    const records = await wait_for('two records', async () => {
        const ended = await centre.ended_contacts();
        return ended.length === 2 && ended;
    });
    check_equal(records.map(({ end }) => end), ['finished', 'transferred'], 'the ends, newest first');
    note(why_of(centre, 1));
    note(why_of(centre, 2));
    check(why_of(centre, 1).includes('It goes on as contact 2.'), 'the first does not tell of the second');
    check(why_of(centre, 2).includes('it follows contact 1'), 'the second does not tell of the first');
});

await run_tests();
