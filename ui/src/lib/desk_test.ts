import { describe, expect, it } from 'vitest';

import type { Agent, AgentState, ApiError, Contact, Queue } from './api';
import {
    after_contact,
    bytes_of,
    error_text,
    happening,
    is_called_by_colleague,
    is_phone_missing,
    situation_of,
    told_of,
} from './desk';
import type { Phase, Situation } from './desk';
import { Words } from './i18n';
import type { Live } from './live';

const kAnna = 3;

function anna(state: AgentState, more: Partial<Agent> = {}): Agent {
    return {
        id: kAnna,
        name: 'anna',
        state,
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

const call = (state: Contact['state']) => ({ id: 30, queue: 1, state, caller: '+49' }) as Contact;

function picture(agent: Agent, contacts: Contact[] = []): Live {
    return {
        sequence: 1,
        queues: new Map([[1, { id: 1, name: 'Konto' } as Queue]]),
        agents: new Map([[agent.id, agent]]),
        contacts: new Map(contacts.map((one) => [one.id, one])),
    };
}

describe('situation_of', () => {
    it('is none without a picture, an agent, or the agent in the picture', () => {
        expect(situation_of(null, kAnna, null)).toBeNull();
        expect(situation_of(picture(anna('ready')), null, null)).toBeNull();
        expect(situation_of(picture(anna('ready')), 4, null)).toBeNull();
    });

    it('tells a held conversation from a running one', () => {
        const agent = anna('talking', { contact: 30 });
        expect(situation_of(picture(agent, [call('talking')]), kAnna, null)?.phase).toBe('talking');
        expect(situation_of(picture(agent, [call('on_hold')]), kAnna, null)?.phase).toBe('on_hold');
    });

    it('remembers in wrap-up who it was, but nobody else', () => {
        const live = picture(anna('wrap_up', { contact: 30 }));
        const seen = situation_of(live, kAnna, call('talking'));
        expect(seen?.contact?.caller).toBe('+49');
        expect(seen?.queue?.name).toBe('Konto');
        expect(situation_of(live, kAnna, { ...call('talking'), id: 29 })?.contact).toBeNull();
        expect(situation_of(live, kAnna, null)?.queue).toBeNull();
    });

    it('forgets the contact when the agent has none', () => {
        expect(situation_of(picture(anna('ready')), kAnna, call('talking'))?.contact).toBeNull();
    });
});

function situation(phase: Phase, more: Partial<Agent> = {}): Situation {
    const state: AgentState =
        phase === 'on_hold' || phase === 'writing' ? 'talking' : phase;
    return { agent: anna(state, more), phase, contact: null, queue: null };
}

describe('told_of', () => {
    it.each([
        [situation('ready'), 'told_ready'],
        [situation('on_hold'), 'told_on_hold'],
        [situation('not_ready', { reason: 'missed' }), 'told_missed'],
        [situation('not_ready', { reason: 'wrap_up' }), 'told_wrap_up_over'],
        [situation('not_ready', { reason: 'phone_unreachable' }), 'told_phone_unreachable'],
        [situation('not_ready'), 'told_other'],
        [situation('not_ready', { reason: 'breather' }), 'told_breather'],
        [situation('ready', { withheld: 'ceiling' }), 'told_withheld_ceiling'],
        [situation('ready', { withheld: 'break_due' }), 'told_withheld_break_due'],
        [situation('ready', { withheld: 'shift_over' }), 'told_withheld_shift_over'],
        [situation('ready', { withheld: null }), 'told_ready'],
    ])('case %# is %s', (now, key) => expect(told_of(now)).toBe(key));
});

describe('after_contact', () => {
    it.each([
        [{}, 'ready'],
        [{ wants_breather: true }, 'reason_breather'],
        [{ wish: 'meeting', wants_breather: true }, 'reason_meeting'],
    ] as const)('%j is %s', (more, key) => {
        expect(after_contact(anna('talking', more))).toBe(key);
    });
});

describe('is_phone_missing', () => {
    it('speaks up only if the state does not say so already', () => {
        expect(is_phone_missing(anna('ready'))).toBe(false);
        expect(is_phone_missing(anna('not_ready', { is_phone_reachable: false }))).toBe(true);
        const told = { reason: 'phone_unreachable', is_phone_reachable: false } as const;
        expect(is_phone_missing(anna('not_ready', told))).toBe(false);
    });
});

describe('is_called_by_colleague', () => {
    const asked = (more: Partial<Contact>) =>
        ({ ...call('talking'), channel: 'consultation', ...more }) as Contact;
    it('is no question about a caller, whose number may be withheld', () => {
        expect(is_called_by_colleague(null)).toBe(false);
        expect(is_called_by_colleague(call('talking'))).toBe(false);
        expect(is_called_by_colleague(asked({ about: 21, about_caller: '' }))).toBe(false);
        expect(is_called_by_colleague(asked({ about: 50, about_caller: null }))).toBe(true);
        expect(is_called_by_colleague(asked({ about: null, about_caller: null }))).toBe(true);
    });
});

describe('happening', () => {
    it.each([
        [null, 'ready', null],
        [null, 'alerting', 'presented'],
        ['ready', 'alerting', 'presented'],
        ['alerting', 'alerting', null],
        ['alerting', 'talking', 'connected'],
        ['talking', 'on_hold', null],
        ['on_hold', 'talking', null],
        ['on_hold', 'wrap_up', 'wrap_up'],
        ['wrap_up', 'not_ready', 'not_ready'],
        ['not_ready', 'ready', 'ready'],
    ] as const)('%s to %s is %s', (before, after, news) => {
        expect(happening(before === null ? null : situation(before), situation(after))).toBe(news);
    });
});

describe('happening to somebody who is withheld', () => {
    const withheld = situation('ready', { withheld: 'ceiling' });
    it.each([
        [situation('ready'), withheld, 'withheld'],
        [situation('wrap_up'), withheld, 'withheld'],
        [withheld, withheld, null],
        [withheld, situation('ready', { withheld: 'break_due' }), 'withheld'],
        [withheld, situation('ready'), null],
        [null, withheld, null],
    ] as const)('case %#', (before, after, news) => {
        expect(happening(before, after)).toBe(news);
    });
});

describe('bytes_of', () => {
    it.each([
        ['', 0],
        ['solved', 6],
        ['gelöst', 7],
        ['👍', 4],
    ])('%s is %i bytes', (text, bytes) => expect(bytes_of(text)).toBe(bytes));
});

describe('error_text', () => {
    const words = new Words('en');
    const error = (status: number, code: string, message = ''): ApiError => {
        return { status, code, message, retry_after_s: null };
    };
    it.each([
        [error(0, 'not_reached'), 'error_not_reached'],
        [error(409, 'phone_unreachable'), 'error_phone_unreachable'],
        [error(409, 'agent_not_alerting'), 'error_too_late'],
        [error(400, 'bad_target'), 'error_bad_target'],
        [error(409, 'queue_closed'), 'error_queue_closed'],
        [error(409, 'queue_full'), 'error_queue_full'],
        [error(409, 'not_understood'), 'error_not_understood'],
        [error(403, 'not_allowed'), 'error_not_allowed'],
        [error(429, 'slow_down'), 'error_too_many'],
        [error(500, 'broken'), 'error_not_done_plain'],
    ] as const)('%j is %s', (one, key) => expect(error_text(one, words)).toBe(words.text(key)));

    it('passes on what the centre says if it has no words of its own', () => {
        expect(error_text(error(503, 'closing', 'The centre is closing.'), words)).toBe(
            'That did not work: The centre is closing.',
        );
    });
});
