// Numbers outside, through a provider that is played by Kamailio: it asks for digest credentials and
// knows two numbers, behind which baresips speak tones. After each step recordings are measured.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Baresip } from './baresip.mjs';
import { kamailio_config } from './kamailio_config.mjs';
import { Program, check, check_equal, need, note, own_address, run_tests, start_centre, temporary_folder, test, wait_for } from './lib.mjs';
import { UdpPeer } from './sip.mjs';
import { desk_of, hear as hear_tones } from './talks.mjs';

const kHertz = { lena: 2600, anna: 2050, outside: 1450 }; // none that the music has
const kNumber = '+4940123456';

const provider_config = (address) => kamailio_config({
    address: `${address}:5060`,
    modules: `
loadmodule "xlog.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)`,
    on_request: `
    if (is_method("OPTIONS") && !has_totag()) {
        sl_send_reply("200", "OK");
        exit;
    }
    if (is_method("REGISTER")) {
        if (!pv_www_authenticate("city.test", "secret", "0")) {
            www_challenge("city.test", "1");
            exit;
        }
        save("location");
        xlog("saved $tU\\n");
        exit;
    }`,
    on_new: `
    if (is_method("INVITE")) {
        if (!pv_proxy_authenticate("city.test", "secret", "0")) {
            xlog("challenged a call to $rU\\n");
            proxy_challenge("city.test", "1");
            exit;
        }
        consume_credentials();
        xlog("call to $rU from $fU by $au\\n");
        if ($rU == "+4940999") {
            sl_send_reply("486", "Busy Here");
            exit;
        }
    }
    if (!lookup("location")) {
        sl_send_reply("404", "Not Found");
        exit;
    }`,
});

async function start_provider() {
    need('kamailio', 'baresip');
    const address = own_address();
    const folder = temporary_folder('lanze-provider-');
    const config = join(folder, 'kamailio.cfg');
    writeFileSync(config, provider_config(address));
    const checked = spawnSync('kamailio', ['-c', '-f', config]);
    check(checked.status === 0, `kamailio -c: ${checked.stderr}`);
    const program = new Program('kamailio', ['-DD', '-E', '-f', config, '-Y', folder, '-w', folder],
        { name: 'kamailio', cwd: folder, detached: true });
    const peer = await UdpPeer.open(`${address}:5060`);
    await wait_for(() => `kamailio answers; it said:\n${program.output}`, async () => {
        peer.send(peer.write({ method: 'OPTIONS' }).text);
        return program.code === undefined && peer.messages.length > 0;
    });
    peer.close();
    return { sip: `${address}:5060`, program };
}

const centre_of = (provider, more = '') => start_centre({
    trunk: `from = ["127.0.0.0/8"]
register = { registrar = "${provider.sip}", domain = "city.test", username = "city1", password = "secret" }`,
    floor: `
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[agent]]
name = "anna"
phone = "registered"
password = "anna-on-trial"
starts = "ready"
desk = true
wrap_up = "0s"
skills = { bank = 1 }
[dial_out]
trunk = "here"
country = "49"
allowed = ["+49"]
forbidden = ["+4915"]
number_shown = "+4940100"
${more}`,
});

// anna is ready; somebody outside has a telephone.
async function start(more) {
    const provider = await start_provider();
    const centre = await centre_of(provider, more);
    await centre.program.says(`here: registered at ${provider.sip}`);
    const outside = await Baresip.start({
        account: `<sip:${kNumber}@${provider.sip}>;auth_user=${kNumber};auth_pass=secret;regint=60`,
        hertz: kHertz.outside,
        name: 'outside',
    });
    await provider.program.says(`saved ${kNumber}`);
    const anna = await Baresip.start({
        account: `<sip:anna@${centre.sip}>;auth_user=anna;auth_pass=anna-on-trial;regint=60`,
        hertz: kHertz.anna,
        answermode: 'auto',
        name: 'anna',
    });
    await centre.agent_is('anna', 'ready');
    return { provider, centre, phones: { anna, outside }, desk: await desk_of(centre, 'anna') };
}

// lena talks with anna.
async function start_talk(more) {
    const world = await start(more);
    const { centre, phones } = world;
    phones.lena = await Baresip.start({
        account: '<sip:lena@127.0.0.1>;regint=0', hertz: kHertz.lena, name: 'lena', dial: `sip:bank@${centre.sip}`,
    });
    await phones.anna.event('CALL_ESTABLISHED');
    await centre.agent_is('anna', 'talking');
    return world;
}

const hear = (phones, what, ...talks) => hear_tones(phones, kHertz, what, ...talks);

const outside_of = async (centre) => (await centre.open_contacts())[0]?.outside;
const log_of = (centre) => centre.program.output.split('\n').filter((line) => line.includes('outside: '))
    .map((line) => line.replace(/^\S+ /, ''));

test('a number is asked, joins, and stays with the caller', async () => {
    const { provider, centre, phones, desk } = await start_talk();
    await desk.does('consult', { number: '040 / 123-456' });
    await phones.outside.event('CALL_INCOMING');
    await wait_for('it rings there', async () => (await outside_of(centre))?.state === 'ringing');
    phones.outside.command('accept');
    await phones.outside.event('CALL_ESTABLISHED');
    const [levels] = await Promise.all([
        hear(phones, 'consultation', ['anna', 'outside']),
        hear(phones, 'consultation', ['lena']),
    ]);
    check(levels.anna.all > -45, 'sound');
    await desk.does('consultation/talk', { with: 'caller' });
    await hear(phones, 'turned to the caller', ['lena', 'anna'], ['outside']);
    await desk.does('consultation/join');
    await hear(phones, 'all together', ['lena', 'anna', 'outside']);
    await desk.does('consultation/complete', { outside: true });
    await phones.anna.event('CALL_CLOSED');
    await centre.agent_is('anna', 'ready');
    await hear(phones, 'anna is out', ['lena', 'outside']);
    phones.lena.command('hangup');
    await phones.outside.event('CALL_CLOSED');
    check(provider.program.output.includes(`challenged a call to ${kNumber}`), 'the provider asked who calls');
    check(provider.program.output.includes(`call to ${kNumber} from +4940100 by city1`), provider.program.output);
    await wait_for('the log', () => log_of(centre).length === 2);
    note(log_of(centre).join('\n# '));
    check(/anna's call to \+4940123456 about contact 1 is over: hung up by us after \d+ s of talk/.test(log_of(centre)[1]), 'log');
    const [record] = await centre.ended_contacts();
    check_equal([record.end, record.by], ['transferred', 'agent'], 'record');
});

test('a blind transfer: ringing, then who answers; whoever hangs up there ends it', async () => {
    const { centre, phones, desk } = await start_talk();
    await desk.does('transfer', { number: kNumber });
    await phones.outside.event('CALL_INCOMING');
    await centre.agent_is('anna', 'ready');
    const { lena } = await hear(phones, 'it rings', ['lena']);
    note(`while it rings lena hears ${lena.all} dB`);
    phones.outside.command('accept');
    await hear(phones, 'answered', ['lena', 'outside']);
    phones.outside.command('hangup');
    await phones.lena.event('CALL_CLOSED');
});

test('busy and no answer: the caller is with the next agent at once', async () => {
    const { centre, phones, desk } = await start_talk('answer_max = "5s"');
    for (const [number, how] of [['+4940999', 'busy'], [kNumber, 'no answer']]) {
        await desk.does('transfer', { number });
        await wait_for(`the log says ${how}`, () => log_of(centre).some((line) => line.includes(`is over: ${how}, not answered`)));
        await centre.agent_is('anna', 'talking');
        await hear(phones, `back after ${how}`, ['lena', 'anna']);
    }
    const [contact] = await centre.open_contacts();
    check_equal(contact.priority, 1, 'at the head of the queue');
    note(log_of(centre).join('\n# '));
});

test('what is forbidden is refused, and the provider never hears of it', async () => {
    const { provider, centre, desk } = await start_talk('calls_per_agent_and_hour = 1');
    for (const [number, status, code] of [
        ['+43 1 5550', 403, 'number_not_allowed'],
        ['0151 2345', 403, 'number_not_allowed'],
        ['0900 12345', 403, 'number_not_allowed'],
        ['112', 403, 'number_not_allowed'],
        ['*21*040123#', 400, 'bad_number'],
    ]) {
        for (const path of ['consult', 'transfer']) {
            const answer = await desk.send(path, { number });
            const { error } = await answer.json();
            check_equal([answer.status, error.code], [status, code], `${path} ${number}`);
        }
    }
    await desk.does('consult', { number: '+4940999' });
    await wait_for('busy', async () => (await outside_of(centre))?.end === 'busy');
    const answer = await desk.send('consult', { number: '+4940999' });
    const { error } = await answer.json();
    check_equal([answer.status, error.code], [429, 'dial_limit'], 'the second call of the hour');
    note(error.message);
    const calls = provider.program.output.split('\n').filter((line) => /call to \+/.test(line));
    check_equal(calls.length, 2, `one call, challenged once:\n${calls.join('\n')}`);
});

test('a call of her own accord: her telephone, then the number; who hangs up there ends it', async () => {
    const { centre, phones, desk } = await start();
    await desk.does('dial', { number: '040 / 123-456' });
    await phones.anna.event('CALL_ESTABLISHED');
    await phones.outside.event('CALL_INCOMING');
    const { anna } = await hear(phones, 'it rings', ['anna']);
    check(anna.all > -45, `anna hears it ring (${anna.all} dB)`);
    phones.outside.command('accept');
    await hear(phones, 'answered', ['anna', 'outside']);
    check_equal((await desk.himself()).dialled, { to: kNumber, end: null }, 'while it goes on');
    const [contact] = await centre.open_contacts();
    check_equal([contact.channel, contact.caller], ['own_call', kNumber], 'the contact');
    phones.outside.command('hangup');
    await phones.anna.event('CALL_CLOSED');
    await centre.agent_is('anna', 'ready');
    check_equal((await desk.himself()).dialled, { to: kNumber, end: 'by_them' }, 'afterwards');
    await wait_for('the log', () => log_of(centre).length === 2);
    note(log_of(centre).join('\n# '));

    await desk.does('dial', { number: '+4940999' });
    await wait_for('busy', async () => (await desk.himself()).dialled.end === 'busy');
    await centre.agent_is('anna', 'ready');
    check_equal(await desk.status('dial', { number: '0900 12345' }), 403, 'what is forbidden stays so');
    check_equal((await centre.ended_contacts()).length, 0, 'nothing was counted');
});

await run_tests();
