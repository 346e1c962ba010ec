import { describe, expect, it } from 'vitest';

import type { Agent, ApiError, Contact, Dialled, Outside, Target } from './api';
import { error_text, happening, situation_of, told_of } from './desk';
import { Words } from './i18n';
import type { Live } from './live';
import {
    dial_error,
    dial_failure,
    is_own_call,
    own_call_of,
    own_call_text,
    takes_itself,
    unreached,
} from './own_call';
import type { Leg } from './phone_state';

const words = new Words('en');

function anna(more: Partial<Agent> = {}): Agent {
    return {
        id: 3,
        name: 'anna',
        state: 'ready',
        reason: null,
        wish: null,
        since: '2026-11-23T10:00:00.000000Z',
        until: null,
        contact: null,
        has_desk: true,
        is_phone_reachable: true,
        written: [],
        ...more,
    };
}

const dialled = (end: Dialled['end'], to = 'ben'): Partial<Agent> => ({ dialled: { to, end } });
const calling = anna({ state: 'talking', contact: 50, ...dialled(null) });

function own(more: Partial<Contact> = {}): Contact {
    return {
        id: 50,
        queue: 0,
        channel: 'own_call',
        state: 'talking',
        caller: 'ben',
        consultations: [],
        outside: null,
        ...more,
    } as unknown as Contact;
}

const asked = (state: string, colleague: string | null = 'ben') =>
    own({ consultations: [{ contact: 51, queue: 1, state, colleague, is_joined: false }] as never });
const outside = (state: Outside['state']) =>
    own({ caller: '040 1', outside: { number: '+49401', state, is_joined: false, end: null } });

function live(...contacts: Contact[]): Live {
    const agents = new Map([[3, calling]]);
    const by_id = new Map(contacts.map((one) => [one.id, one]));
    return { sequence: 1, queues: new Map(), agents, contacts: by_id };
}

describe('is_own_call', () => {
    it.each([
        [{ agent: calling, contact: own() }, true],
        [{ agent: calling, contact: null }, true], // not in the picture yet
        [{ agent: calling, contact: own({ channel: 'voice' }) }, false],
        [{ agent: anna(dialled(null)), contact: null }, false],
        [{ agent: anna({ state: 'talking', contact: 30, ...dialled('busy') }), contact: null }, false],
        [{ agent: anna({ state: 'talking', contact: 30 }), contact: null }, false],
    ])('case %# is %s', (seen, is) => expect(is_own_call(seen)).toBe(is));
});

describe('own_call_of', () => {
    it.each([
        [own(), false, 'Your telephone rings. Lift it, and ben is called.'],
        [own(), true, 'Your line is being prepared, then ben is called.'],
        [null, false, 'Your telephone rings. Lift it, and ben is called.'],
        [asked('waiting', null), false, 'Waiting for somebody: ben.'],
        [asked('alerting'), true, 'ben is being called.'],
        [asked('talking'), false, 'You are talking with ben.'],
        [asked('on_hold'), false, 'You are talking with ben.'],
        [outside('calling'), false, '+49401 is being called.'],
        [outside('ringing'), false, '+49401: it rings there.'],
        [outside('talking'), false, 'You are talking with +49401.'],
        [outside('ended'), false, 'The call is over: +49401.'],
    ])('case %#', (contact, is_here, text) => {
        expect(own_call_text(own_call_of({ agent: calling, contact }), is_here, words)).toBe(text);
    });
});

describe('the desk in an own call', () => {
    it('talks, on hold or not, and says so once', () => {
        const held = situation_of(live({ ...asked('talking'), state: 'on_hold' }), 3, null);
        expect(held?.phase).toBe('talking');
        const free = { agent: anna(), phase: 'ready' as const, contact: null, queue: null };
        expect(happening(free, held)).toBe('dialled');
        expect(happening(held, held)).toBeNull();
        expect(held === null ? null : told_of(held)).toBe('told_own_call');
    });
});

describe('unreached', () => {
    const free = (more: Partial<Agent>) => ({ agent: anna(more), contact: null });
    const busy: Dialled = { to: 'ben', end: 'busy' };
    const before = { agent: calling, contact: own() };

    it('tells of a call that came to nothing, until there is a contact or another call', () => {
        const told = unreached(null, before, free(dialled('busy')));
        expect(told).toEqual(busy);
        const same = free(dialled('busy'));
        expect(unreached(told, same, same)).toEqual(busy);
        expect(unreached(told, same, { agent: calling, contact: null })).toBeNull();
        expect(unreached(told, same, free({ ...dialled('busy'), contact: 30 }))).toBeNull();
        const chat = { contact: 31, state: 'alerting' as const, since: '', until: null };
        expect(unreached(told, same, free({ ...dialled('busy'), written: [chat] }))).toBeNull();
    });

    it('tells nothing of what was dismissed, of a first picture, or of a good end', () => {
        const same = free(dialled('busy'));
        expect(unreached(null, same, same)).toBeNull();
        expect(unreached(null, null, same)).toBeNull();
        expect(unreached(busy, same, null)).toBeNull();
        expect(unreached(null, before, free(dialled('by_them')))).toBeNull();
        expect(unreached(null, before, free(dialled('by_us')))).toBeNull();
        expect(unreached(null, before, free({ dialled: null }))).toBeNull();
        expect(unreached(null, before, free({}))).toBeNull();
    });

    it.each([[null, null], [undefined, null], [busy, 'busy']] as const)('%j is %s', (one, end) =>
        expect(dial_failure(one)).toBe(end),
    );
});

describe('takes_itself', () => {
    const leg = { id: 17, contact: 50, is_answered: false } as Leg;
    it.each([
        [null, live(own()), false],
        [leg, live(own()), true],
        [leg, live(own({ channel: 'voice' })), false], // a caller came in between
        [leg, live(), false], // its contact comes a moment later
        [leg, null, false],
        [{ ...leg, is_answered: true }, live(own()), false],
        [{ ...leg, contact: null }, live(own()), false], // a check
    ])('case %#', (one, picture, takes) => {
        expect(takes_itself(one, picture)).toBe(takes);
    });
});

describe('dial_error', () => {
    const ben: Target = { agent: 'ben' };
    const error = (status: number, code: string): ApiError => {
        return { status, code, message: '', retry_after_s: null };
    };
    it.each([
        [error(409, 'agent_not_ready'), ben, 'error_dial_not_there'],
        [error(409, 'agent_not_ready'), { number: '1' }, 'error_dial_not_now'],
        [error(409, 'agent_talking'), ben, 'error_dial_not_now'],
        [error(409, 'phone_unreachable'), ben, 'error_dial_no_phone'],
        [error(409, 'queue_closed'), { queue: 'q' }, 'error_dial_queue_closed'],
        [error(409, 'queue_full'), { queue: 'q' }, 'error_dial_queue_full'],
        [error(400, 'bad_target'), ben, 'error_bad_target'],
        [error(400, 'bad_number'), { number: 'x' }, 'error_bad_number'],
        [error(403, 'number_not_allowed'), { number: '1' }, 'error_number_not_allowed'],
        [error(429, 'dial_limit'), { number: '1' }, 'error_dial_limit'],
        [error(503, 'trunk_unavailable'), { number: '1' }, 'error_trunk_unavailable'],
    ] as const)('%j is told in words of its own', (one, target, key) => {
        expect(error_text(dial_error(one, target), words)).toBe(words.text(key));
    });
});
