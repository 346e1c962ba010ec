import { describe, expect, it } from 'vitest';

import { live_address, type Agent, type Contact, type Queue } from './api';
import { merge, parse_message, type Live, type LiveMessage } from './live';

function message(more: Partial<LiveMessage>): LiveMessage {
    return {
        type: 'changes',
        sequence: 2,
        at: '2026-11-23T10:00:00.000000Z',
        queues: [],
        agents: [],
        contacts: [],
        contacts_gone: [],
        ...more,
    };
}

const queue = (id: number, waiting: number) => ({ id, waiting }) as Queue;
const agent = (id: number, name: string) => ({ id, name }) as Agent;
const contact = (id: number) => ({ id }) as Contact;

function snapshot(): Live {
    const first = message({
        type: 'snapshot',
        sequence: 1,
        queues: [queue(1, 0), queue(2, 5)],
        agents: [agent(3, 'anna')],
        contacts: [contact(7), contact(8)],
    });
    return merge(null, first)!;
}

describe('merge', () => {
    it('takes a snapshot whole, whatever was there', () => {
        const after = merge(snapshot(), message({ type: 'snapshot', queues: [queue(9, 1)] }))!;
        expect([...after.queues.keys()]).toEqual([9]);
        expect(after.agents.size).toBe(0);
        expect(after.contacts.size).toBe(0);
    });

    it('replaces what changed and keeps the order and the rest', () => {
        const after = merge(snapshot(), message({ queues: [queue(1, 4)] }))!;
        expect([...after.queues.values()]).toEqual([queue(1, 4), queue(2, 5)]);
        expect(after.sequence).toBe(2);
    });

    it('lets contacts go, also one that comes in the same message', () => {
        const more = { contacts: [contact(9)], contacts_gone: [7, 9] };
        expect([...merge(snapshot(), message(more))!.contacts.keys()]).toEqual([8]);
    });

    it('ignores changes without a snapshot, and changes older than it', () => {
        expect(merge(null, message({ queues: [queue(1, 1)] }))).toBeNull();
        const before = snapshot();
        expect(merge(before, message({ sequence: 0, queues: [queue(1, 9)] }))).toBe(before);
    });

    it('accepts a snapshot of a lower sequence: the centre was set up anew', () => {
        expect(merge(snapshot(), message({ type: 'snapshot', sequence: 0 }))!.sequence).toBe(0);
    });

    it('leaves the picture it started from as it was, and shares what did not change', () => {
        const before = snapshot();
        const after = merge(before, message({ contacts_gone: [7] }))!;
        expect(before.contacts.has(7)).toBe(true);
        expect(after.queues).toBe(before.queues);
    });
});

describe('parse_message', () => {
    const bad = ['', 'no', '4', 'null', '[]', '{}', '{"type":"hello","sequence":1,"at":"x"}'];
    it.each([...bad, '{"type":"changes","at":"x"}', '{"type":"changes","sequence":1}'])(
        'refuses %j',
        (text) => expect(parse_message(text)).toBeNull(),
    );

    it('reads lists that are missing as empty', () => {
        const text = '{"type":"changes","sequence":4,"at":"2026-11-23T10:00:00.000000Z"}';
        expect(parse_message(text)).toEqual(message({ sequence: 4 }));
    });
});

describe('live_address', () => {
    it.each([
        ['http:', 'ws://desk:8080/api/v1/live'],
        ['https:', 'wss://desk:8080/api/v1/live'],
    ])('of a page over %s is %s', (protocol, address) => {
        expect(live_address({ protocol, host: 'desk:8080' })).toBe(address);
    });
});
