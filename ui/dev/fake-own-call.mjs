// The stand-in's own call: anna calls somebody herself. Her telephone in the browser is taken at
// once, and only then is somebody called.

export const kOwnCall = 50;
const kAnna = 3;
const kLongName = 'Dr. Constanze von Mecklenburg-Vorpommern';

function own_call(ago, to, more = {}) {
    const open = {
        id: kOwnCall,
        queue: 0,
        channel: 'own_call',
        state: 'talking',
        queued: ago(9),
        since: ago(9),
        agent: kAnna,
        caller: to,
        priority: 5,
        step: 0,
        is_overdue: false,
        needs: {},
        told_wait: null,
        about: null,
        about_caller: null,
        is_joined: false,
        consultations: [],
        outside: null,
        ...more,
    };
    return [{ state: 'talking', since: ago(9), contact: kOwnCall, dialled: { to, end: null } }, open];
}

function colleague(ago, to, state, name = to) {
    const asked = { contact: 51, queue: 2, state, colleague: name, is_joined: false };
    return own_call(ago, to, { consultations: [asked] });
}

function number(ago, state) {
    const outside = { number: '+4940123456', state, is_joined: false, end: null };
    return own_call(ago, '+4940123456', { outside });
}

function over(ago, to, end, state = {}) {
    return [{ state: 'ready', since: ago(1), dialled: { to, end }, ...state }];
}

export const kOwnCallScenes = {
    own_lift: ({ ago }) => own_call(ago, 'ben'),
    own_waiting: ({ ago }) => colleague(ago, 'Karten und Sperren', 'waiting', null),
    own_alerting: ({ ago }) => colleague(ago, 'ben', 'alerting'),
    own_talking: ({ ago }) => colleague(ago, 'ben', 'talking'),
    own_long_name: ({ ago }) => colleague(ago, kLongName, 'talking'),
    own_ringing: ({ ago }) => number(ago, 'ringing'),
    own_outside: ({ ago }) => number(ago, 'talking'),
    own_hung_up: ({ ago }) => over(ago, 'ben', 'by_us'),
    own_left: ({ ago }) => over(ago, 'ben', 'by_them'),
    own_busy: ({ ago }) => over(ago, 'ben', 'busy'),
    own_no_answer: ({ ago }) => over(ago, kLongName, 'no_answer'),
    own_unknown: ({ ago }) => {
        const at_break = { state: 'not_ready', reason: 'break_time', since: ago(80) };
        return over(ago, '+4940123456', 'unknown_number', at_break);
    },
};

// What anna asks for: first her own telephone rings.
export function dial(centre, said) {
    const to = said.agent ?? said.queue ?? said.number;
    centre.play('own_lift', (agent, contact) => {
        agent.dialled.to = to;
        contact.caller = to;
    });
}

// Her telephone is up.
export function taken(centre) {
    const { to } = centre.anna().dialled;
    const scene = /^[+\d\s]+$/.test(to)
        ? 'own_ringing'
        : to === 'Karten und Sperren'
          ? 'own_waiting'
          : 'own_alerting';
    centre.play(scene);
}
