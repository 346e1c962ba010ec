// What the stand-in for the centre tells of a contact beside the call, and of the agent's day.
import { FakeKnowledge } from './fake-knowledge.mjs';

const kEarlier = [
    {
        id: 17,
        queue: 1,
        days: 0,
        end: 'finished',
        outcome: 'follow_up',
        remark: 'Neue Karte bestellt, soll bis Freitag da sein.\nRückruf, falls nicht.',
    },
    { id: 12, queue: 2, days: 6, end: 'abandoned', outcome: '', remark: '' },
    { id: 9, queue: 99, days: 40, end: 'finished', outcome: 'wartet auf Brief', remark: '' },
];

export class FakeDesk {
    constructor(centre) {
        this.centre = centre;
        this.knowledge = new FakeKnowledge((seconds) => centre.time(seconds));
        this.remarks = new Map();
        this.remark_refusal = null; // { status, code } for the next note
        this.remembered_days = 90;
        this.earlier = kEarlier;
        this.screen_pop = null; // an address with {contact}
    }

    // Null: not of this kind.
    async answer(person, route, body, request) {
        const match = /^(GET|PUT) \/contacts\/(\d+)\/(desk|remark)$/.exec(route);
        if (match !== null) {
            return this.answer_contact(person, Number(match[2]), match[3], body);
        }
        return route === 'GET /desk/day'
            ? { status: 200, body: this.day() }
            : this.knowledge.answer(person, request, body);
    }

    answer_contact(person, id, what, body) {
        const anna = this.centre.anna();
        const is_hers = anna.contact === id || anna.written.some((one) => one.contact === id);
        if (person.agent === null || !is_hers) {
            return refused(403, 'not_your_contact');
        }
        if (what === 'desk') {
            return { status: 200, body: this.contact(id) };
        }
        if (this.remark_refusal !== null) {
            const { status, code } = this.remark_refusal;
            this.remark_refusal = null;
            return refused(status, code);
        }
        this.centre.said.push({ path: `/contacts/${id}/remark`, ...body });
        this.remarks.set(id, body.text);
        return { status: 200, body: { sequence: this.centre.sequence } };
    }

    contact(id) {
        const open = this.centre.contacts.find((one) => one.id === id) ?? null;
        const is_answered = open !== null && open.state !== 'alerting';
        return {
            contact: id,
            queue: open?.queue ?? 1,
            caller: open?.caller ?? this.centre.chat.caller_of(id) ?? '+49 170 5550199',
            queued: open?.queued ?? this.centre.time(-297),
            answered: is_answered || open === null ? this.centre.time(-192) : null,
            chosen: { by: 'longest_idle', of: 3 },
            screen_pop: this.screen_pop?.replace('{contact}', id) ?? null,
            remembered_days: this.remembered_days,
            remark: this.remarks.get(id) ?? '',
            earlier: this.earlier.map(({ days, ...one }) => ({
                ...one,
                queued: this.centre.time(-days * 86_400 - 7_200),
                answered: one.end === 'finished' ? this.centre.time(-days * 86_400 - 7_100) : null,
                ended: this.centre.time(-days * 86_400 - 7_000),
            })),
        };
    }

    day() {
        const at = (hours) => this.centre.time(hours * 3600);
        const none = { times: 0, sum_s: 0, presented_yet: 0 };
        return {
            since: at(-10),
            shift_begin: at(-4),
            shift_end: at(4),
            contacts: 23,
            breaks: {
                planned: [{ from: at(-1.6), to: at(-1.35) }, { from: at(1), to: at(1.5) }],
                taken: [{ from: at(-1.5), to: at(-1.25) }],
                due: at(1),
                withheld: { times: 1, sum_s: 240, presented_yet: 0 },
            },
            occupancy: {
                handling_s: 9_720,
                ready_s: 3_060,
                last_hour_s: 2_700,
                last_hour_max_s: 3_060,
                withheld: { times: 2, sum_s: 660, presented_yet: 0 },
            },
            wrap_up: { count: 23, used_s: 410, granted_s: 500, extended: 2, run_out: 1, cut: 0 },
            breathers: { asked: 2, given: 2 },
            after_shift: none,
        };
    }
}

function refused(status, code) {
    return { status, body: { error: { code, message: 'Refused.' } } };
}
