// A trunk at a provider: Kamailio as the provider's registrar with digest, the centre registers
// there and takes its calls; wrong password, restart of the provider, servers by SRV. With --long
// also what SIP's 32 s of patience with a silent server make slow.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { start_dns } from './dns.mjs';
import { kamailio_config } from './kamailio_config.mjs';
import { Program, Skip, check, check_equal, floor_with_phone, free_port, lanze_call, need, note, own_address, run_tests, start_centre, temporary_folder, test, wait_for } from './lib.mjs';
import { UdpPeer } from './sip.mjs';

const is_long = process.argv.includes('--long');
process.argv.splice(2, process.argv.length, ...process.argv.slice(2).filter((a) => a !== '--long'));

const provider_config = (address, { expires_max, wrong_password }) => kamailio_config({
    address: `${address}:5060`,
    modules: `
loadmodule "xlog.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_expires", ${expires_max})`,
    on_request: `
    if (is_method("OPTIONS") && !has_totag()) {
        sl_send_reply("200", "OK");
        exit;
    }
    if (is_method("REGISTER")) {
        if (!pv_www_authenticate("city.test", "secret", "0")) {
            $var(why) = $rc;
            if ($var(why) == -2) {
                xlog("wrong password of $tU\\n");
                ${wrong_password}
            }
            www_challenge("city.test", "1");
            exit;
        }
        if ($au != $tU) {
            sl_send_reply("403", "Not Yours");
            exit;
        }
        save("location");
        xlog("saved $tU at $ct, Expires: $hdr(Expires)\\n");
        exit;
    }`,
    on_new: `
    append_hf("P-Asserted-Identity: <sip:+4917012345@city.test>\\r\\n");
    $rU = "city1";
    if (!lookup("location")) {
        sl_send_reply("480", "Not Registered");
        exit;
    }`,
});

const city_floor = (port) => floor_with_phone(port, { bank: '+4940100', travel: '+4940200' });

const kChallengeAgain = '';
const kForbid = 'sl_send_reply("403", "Wrong Password"); exit;';

class Provider {
    constructor({ expires_max = 600, wrong_password = kChallengeAgain } = {}) {
        need('kamailio');
        this.address = own_address();
        this.sip = `${this.address}:5060`;
        this.folder = temporary_folder('lanze-provider-');
        this.config = join(this.folder, 'kamailio.cfg');
        writeFileSync(this.config, provider_config(this.address, { expires_max, wrong_password }));
        const checked = spawnSync('kamailio', ['-c', '-f', this.config]);
        check(checked.status === 0, `kamailio -c: ${checked.stderr}`);
    }

    async start() {
        this.program = new Program('kamailio',
            ['-DD', '-E', '-f', this.config, '-Y', this.folder, '-w', this.folder],
            { name: 'kamailio', cwd: this.folder, detached: true }); // a group of its own
        const peer = await UdpPeer.open(this.sip);
        await wait_for(() => `kamailio answers; it said:\n${this.program.output}`, async () => {
            peer.send(peer.write({ method: 'OPTIONS' }).text);
            return this.program.code === undefined && peer.messages.length > 0;
        });
        peer.close();
        return this;
    }

    // Kamailio is several processes; the parent alone would leave the others with the sockets.
    async kill() {
        process.kill(-this.program.child.pid, 'SIGKILL');
        await this.program.ended();
    }
}

const trunk_at = (registrar, { password = 'secret', transport = 'udp' } = {}) => `
register = { registrar = "${registrar}", domain = "city.test", username = "city1",
    password = "${password}", transport = "${transport}", expires = "60s" }
trusts_identity = true
`.replace(/,\n +/, ', ');

async function trunk_figures(centre) {
    const metrics = await centre.api('/metrics');
    const value = (name) => Number(new RegExp(`^${name}{trunk="here"} (\\d+)`, 'm').exec(metrics)?.[1]);
    const { status, trunks } = await centre.api('/api/v1/health');
    return [value('lanze_trunk_registered'), value('lanze_trunk_register_status'), status, trunks];
}

const is_registered = (centre) => wait_for('the figures say registered', async () =>
    JSON.stringify(await trunk_figures(centre)) ===
        JSON.stringify([1, 200, 'ok', { registering: 1, registered: 1 }]));

const trunk_lines = (centre) => centre.program.output.split('\n').filter((line) => line.includes('trunk: '))
    .map((line) => line.replace(/^\S+ /, ''));

// A call through the provider: answered, talked with sound both ways, hung up by the caller.
async function call_through(provider, centre, port, number) {
    const agent = lanze_call(centre, ['--agent', '--port', String(port), '--calls', '1',
        '--answer-after', '0.2', '--for', '60', '--tone', '880', 'anna']);
    await agent.says('listens');
    const call = lanze_call(provider, [number, '--for', '3']);
    const caller = await wait_for('talking', async () => {
        const [contact] = await centre.open_contacts();
        return contact?.state === 'talking' && contact.caller;
    });
    check_equal([await call.ended(20_000), await agent.ended(20_000)], [0, 0], call.output + agent.output);
    check(call.output.includes('880 Hz') && agent.output.includes('440 Hz'), call.output + agent.output);
    const [record] = await wait_for('the record', async () => {
        const records = await centre.ended_contacts();
        return records.length > 0 && records;
    });
    check_equal([record.end, record.by], ['finished', 'caller'], 'record');
    return { caller, queue: record.queue };
}

for (const [number, queue, transport] of [['+4940100', 'bank', 'udp'], ['+4940200', 'travel', 'tcp']]) {
    test(`registers with digest over ${transport}, takes a call of ${number}, signs off at the end`, async () => {
        const provider = await new Provider().start();
        const port = await free_port();
        const centre = await start_centre({ floor: city_floor(port), trunk: trunk_at(provider.sip, { transport }) });
        await centre.program.says(`here: registered at ${provider.sip} for 60 s`);
        await is_registered(centre);
        const stranger = await UdpPeer.open(centre.sip);
        const { request, response } = await stranger.ask({ number });
        stranger.acknowledge(request, response);
        check_equal(response.status, 403, 'a call past the provider');
        const { caller, queue: reached } = await call_through(provider, centre, port, number);
        check_equal(caller, '+4917012345', 'the caller by P-Asserted-Identity');
        const { queues } = await centre.api('/api/v1/queues');
        check_equal(queues.find(({ id }) => id === reached)?.name ?? reached, queue, 'queue');
        await centre.stop();
        await provider.program.says('Expires: 0');
        note(provider.program.output.split('\n').filter((line) => line.includes('saved')).join('\n# '));
    });
}

for (const [how, wrong_password, answer] of [
    ['is challenged again', kChallengeAgain, '401 Unauthorized'],
    ['is forbidden', kForbid, '403 Wrong Password'],
]) {
    test(`a wrong password ${how}: the log and the figures say so, the centre lives on`, async () => {
        const provider = await new Provider({ wrong_password }).start();
        const centre = await start_centre({
            floor: city_floor(await free_port()),
            trunk: `from = ["127.0.0.1"]\n${trunk_at(provider.sip, { password: 'guessed' })}`,
        });
        await centre.program.says(`here: the provider at ${provider.sip} refused our registration with ${answer}; ` +
            'check username and password under register; tried again in 30 s');
        check_equal(await trunk_figures(centre),
            [0, Number(answer.slice(0, 3)), 'ok', { registering: 1, registered: 0 }], 'figures');
        check_equal(provider.program.output.split('wrong password of').length - 1, 1, 'how often it was tried');
        note(trunk_lines(centre).join('\n# '));
        const peer = await UdpPeer.open(centre.sip);
        const { request, response } = await peer.ask({ number: '+4940100' });
        peer.acknowledge(request, response);
        check_equal(response.status, 200, 'a call from elsewhere');
    });
}

test('the provider is killed and starts again: registered again at the next renewal', async () => {
    const provider = await new Provider({ expires_max: 10 }).start();
    const port = await free_port();
    const centre = await start_centre({ floor: city_floor(port), trunk: trunk_at(provider.sip) });
    await centre.program.says(`here: registered at ${provider.sip} for 10 s`);
    await provider.kill();
    const killed = Date.now();
    await provider.start();
    await provider.program.says('saved city1', 45_000);
    note(`registered again ${((Date.now() - killed) / 1000).toFixed(1)} s after the kill`);
    await is_registered(centre);
    await call_through(provider, centre, port, '+4940100');
});

test('the provider is away for a while: the log says so, and when it is back', async () => {
    if (!is_long) {
        throw new Skip('takes a minute; --long');
    }
    const provider = await new Provider({ expires_max: 10 }).start();
    const centre = await start_centre({ floor: city_floor(await free_port()), trunk: trunk_at(provider.sip) });
    await centre.program.says(`here: registered at ${provider.sip}`);
    await provider.kill();
    await centre.program.says(`here: the provider at ${provider.sip} does not answer; tried again in 30 s`, 60_000);
    check_equal(await trunk_figures(centre), [0, 0, 'ok', { registering: 1, registered: 0 }], 'figures');
    await provider.start();
    await provider.program.says('saved city1', 45_000);
    await is_registered(centre);
    note(trunk_lines(centre).join('\n# '));
});

test('over TCP a broken connection is enough to register again', async () => {
    if (!is_long) {
        throw new Skip('takes 30 s; --long');
    }
    const provider = await new Provider().start();
    const centre = await start_centre({ floor: city_floor(await free_port()),
        trunk: trunk_at(provider.sip, { transport: 'tcp' }) });
    await centre.program.says(`here: registered at ${provider.sip} for 60 s`);
    await provider.kill();
    const killed = Date.now();
    await provider.start();
    await provider.program.says('saved city1', 40_000);
    note(`registered again ${((Date.now() - killed) / 1000).toFixed(1)} s after the kill`);
    await is_registered(centre);
});

// How the centre is run with a resolver of its own; only root may.
function with_resolver(folder, server) {
    const file = join(folder, 'resolv.conf');
    writeFileSync(file, `nameserver ${server}\noptions timeout:2 attempts:2\n`);
    const under = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', file];
    const [command, ...args] = [...under, 'true'];
    const tried = spawnSync(command, args);
    if (tried.status !== 0) {
        throw new Skip(`no mount namespace of our own: ${tried.error ?? tried.stderr}`);
    }
    return under;
}

for (const transport of ['tcp', 'udp']) {
    test(`SRV over ${transport}: the first server is dead, the centre registers at the second`, async () => {
        if (transport === 'udp' && !is_long) {
            throw new Skip('takes 32 s; --long');
        }
        const provider = await new Provider().start();
        const [dead, dns] = [own_address(), own_address()];
        const asked = await start_dns(dns, [
            [`_sip._${transport}.city.test`, 'SRV', '20 0 5060 second.city.test'],
            [`_sip._${transport}.city.test`, 'SRV', '10 0 5060 first.city.test'],
            ['first.city.test', 'A', dead],
            ['second.city.test', 'A', provider.address],
        ]);
        const port = await free_port();
        const centre = await start_centre({
            floor: city_floor(port),
            trunk: trunk_at('city.test', { transport }),
            under: with_resolver(provider.folder, dns),
        });
        await centre.program.says(`here: registered at ${provider.sip}`, 45_000);
        check(centre.program.output.includes(
            `here: the provider at ${dead}:5060 does not answer; the next server is tried`), centre.program.output);
        note(`asked for: ${asked.join(', ')}`);
        note(trunk_lines(centre).join('\n# '));
        await is_registered(centre);
        await call_through(provider, centre, port, '+4940100');
    });
}

test('SRV names ".": the provider has no such service, and the address is not tried instead', async () => {
    const dns = own_address();
    const asked = await start_dns(dns, [
        ['_sip._udp.city.test', 'SRV', '0 0 0 .'],
        ['city.test', 'A', own_address()],
    ]);
    const centre = await start_centre({
        floor: city_floor(await free_port()),
        trunk: trunk_at('city.test'),
        under: with_resolver(temporary_folder(), dns),
    });
    await centre.program.says('here: DNS knows no address of city.test that an entry of sip.listen can reach; tried again in 30 s');
    check_equal(asked, ['_sip._udp.city.test 33'], 'asked for');
    check_equal(await trunk_figures(centre), [0, 0, 'ok', { registering: 1, registered: 0 }], 'figures');
});

await run_tests();
