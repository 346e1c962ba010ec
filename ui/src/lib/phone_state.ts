// The telephone as a state machine: what it knows, and what is to be done when something happens.
// No sound and no network here; phone.svelte.ts does what the effects say.
import type { IceServer, PhoneMessage, PhoneNews, PhoneOffer, PhonePlace } from './phone_protocol';

export type Link = 'connecting' | 'open' | 'broken';

export interface Leg {
    id: number;
    contact: number | null; // null: a check
    is_answered: boolean;
    is_held: boolean;
    is_muted: boolean;
    link: Link;
}

// asked: the centre has not said yet whether it takes this page as the telephone.
export type Station = 'off' | 'asked' | 'here' | 'elsewhere';

export interface PhoneState {
    is_wanted: boolean; // the agent has chosen the telephone in the browser
    is_connected: boolean; // to the centre
    station: Station;
    ice_servers: IceServer[];
    legs: ReadonlyMap<number, Leg>;
    awaited: readonly number[]; // legs that exist, whose offers have not come yet
}

export type Input =
    | { type: 'wanted'; is_wanted: boolean }
    | { type: 'connection'; is_open: boolean }
    | { type: 'left' } // signed out
    | { type: 'taken_over' }
    | { type: 'news'; news: PhoneNews }
    | { type: 'link'; leg: number; link: Link }
    | { type: 'answered'; leg: number }
    | { type: 'muted'; leg: number; is_muted: boolean }
    | { type: 'held'; leg: number; is_held: boolean }
    | { type: 'hold_seen'; leg: number; is_held: boolean } // in the centre's picture
    | { type: 'check'; is_wanted: boolean };

export type Effect =
    | { type: 'say'; message: PhoneMessage }
    | { type: 'connect'; leg: number; sdp: string }
    | { type: 'drop'; leg: number };

export interface Step {
    state: PhoneState;
    effects: Effect[];
}

export const kNoPhone: PhoneState = {
    is_wanted: false,
    is_connected: false,
    station: 'off',
    ice_servers: [],
    legs: new Map(),
    awaited: [],
};

const say = (message: PhoneMessage): Effect => ({ type: 'say', message });
const nothing = (state: PhoneState): Step => ({ state, effects: [] });

function drops(state: PhoneState, stays: (leg: number) => boolean): Effect[] {
    return Array.from(state.legs.keys())
        .filter((leg) => !stays(leg))
        .map((leg) => ({ type: 'drop', leg }));
}

function without_legs(state: PhoneState, effects: Effect[] = []): Step {
    const all = [...effects, ...drops(state, () => false)];
    return { state: { ...state, legs: new Map(), awaited: [] }, effects: all };
}

function with_leg(state: PhoneState, id: number, change: Partial<Leg>): PhoneState {
    const leg = state.legs.get(id);
    if (leg === undefined) {
        return state;
    }
    return { ...state, legs: new Map(state.legs).set(id, { ...leg, ...change }) };
}

function ask(state: PhoneState, take_over: boolean): Step {
    if (!state.is_wanted || !state.is_connected) {
        return nothing(state);
    }
    const asked: PhoneState = { ...state, station: 'asked' };
    return { state: asked, effects: [say({ type: 'phone_open', take_over })] };
}

function want(state: PhoneState, is_wanted: boolean): Step {
    if (is_wanted === state.is_wanted) {
        return nothing(state);
    }
    if (is_wanted) {
        return ask({ ...state, is_wanted }, false);
    }
    const words = state.is_connected ? [say({ type: 'phone_close' })] : [];
    return without_legs({ ...state, is_wanted, station: 'off' }, words);
}

// Without the centre the audio of a call may go on, so legs stay until it says which still exist.
function connect(state: PhoneState, is_open: boolean): Step {
    if (is_open) {
        return ask({ ...state, is_connected: true }, false);
    }
    const station = state.is_wanted ? 'asked' : 'off';
    return nothing({ ...state, is_connected: false, station });
}

function place(state: PhoneState, news: PhonePlace): Step {
    const { ice_servers } = news;
    if (!state.is_wanted || news.state !== 'here') {
        const station = state.is_wanted ? news.state : 'off';
        return without_legs({ ...state, station, ice_servers });
    }
    const stays = (leg: number) => news.legs.includes(leg);
    const legs = new Map(Array.from(state.legs).filter(([leg]) => stays(leg)));
    return {
        state: { ...state, station: 'here', ice_servers, legs, awaited: news.legs },
        effects: drops(state, stays),
    };
}

// One for a leg that is known replaces its connection; whether the agent is muted stays.
function set_up(state: PhoneState, offer: PhoneOffer): Step {
    if (state.station !== 'here') {
        return nothing(state);
    }
    const leg: Leg = {
        id: offer.leg,
        contact: offer.contact,
        is_answered: offer.answered || offer.contact === null,
        is_held: offer.held,
        is_muted: state.legs.get(offer.leg)?.is_muted ?? false,
        link: 'connecting',
    };
    const awaited = state.awaited.filter((id) => id !== leg.id);
    return {
        state: { ...state, legs: new Map(state.legs).set(leg.id, leg), awaited },
        effects: [{ type: 'connect', leg: leg.id, sdp: offer.sdp }],
    };
}

function end(state: PhoneState, id: number): Step {
    const legs = new Map(state.legs);
    const awaited = state.awaited.filter((one) => one !== id);
    const effects: Effect[] = legs.delete(id) ? [{ type: 'drop', leg: id }] : [];
    return { state: { ...state, legs, awaited }, effects };
}

function hear(state: PhoneState, news: PhoneNews): Step {
    switch (news.type) {
        case 'phone':
            return place(state, news);
        case 'phone_offer':
            return set_up(state, news);
        case 'phone_over':
            return end(state, news.leg);
        case 'refused':
            return nothing(
                state.station === 'asked' ? { ...state, station: 'off' } : state,
            );
    }
}

// A broken link is told each time, so that somebody who tells it again asks again.
function link(state: PhoneState, id: number, now: Link): Step {
    if (!state.legs.has(id)) {
        return nothing(state);
    }
    const is_told = now === 'broken' && state.is_connected && state.station === 'here';
    return {
        state: with_leg(state, id, { link: now }),
        effects: is_told ? [say({ type: 'phone_broken', leg: id })] : [],
    };
}

function answer(state: PhoneState, id: number): Step {
    const leg = state.legs.get(id);
    if (leg === undefined || leg.is_answered || !state.is_connected) {
        return nothing(state);
    }
    return {
        state: with_leg(state, id, { is_answered: true }),
        effects: [say({ type: 'phone_answered', leg: id })],
    };
}

function hold(state: PhoneState, id: number, is_held: boolean): Step {
    const leg = state.legs.get(id);
    if (leg === undefined || !leg.is_answered || leg.is_held === is_held || !state.is_connected) {
        return nothing(state);
    }
    return {
        state: with_leg(state, id, { is_held }),
        effects: [say({ type: 'phone_held', leg: id, held: is_held })],
    };
}

// Whether the agent of a call that goes on does not hear it, and will again.
export function is_restoring(state: PhoneState): boolean {
    const legs = Array.from(state.legs.values()).filter((leg) => leg.contact !== null);
    if (legs.length > 0) {
        return legs.every((leg) => leg.link !== 'open');
    }
    return state.station === 'asked' || state.awaited.length > 0;
}

export function leg_of(state: PhoneState, contact: number): Leg | null {
    return Array.from(state.legs.values()).find((leg) => leg.contact === contact) ?? null;
}

function check(state: PhoneState, wanted: boolean): Step {
    const is_possible = state.station === 'here' && state.is_connected;
    return { state, effects: is_possible ? [say({ type: 'phone_test', wanted })] : [] };
}

export function step(state: PhoneState, input: Input): Step {
    switch (input.type) {
        case 'wanted':
            return want(state, input.is_wanted);
        case 'connection':
            return connect(state, input.is_open);
        case 'left':
            return without_legs({ ...state, is_connected: false, station: 'off' });
        case 'taken_over':
            return ask(state, true);
        case 'news':
            return hear(state, input.news);
        case 'link':
            return link(state, input.leg, input.link);
        case 'answered':
            return answer(state, input.leg);
        case 'muted':
            return nothing(with_leg(state, input.leg, { is_muted: input.is_muted }));
        case 'held':
            return hold(state, input.leg, input.is_held);
        case 'hold_seen':
            return nothing(with_leg(state, input.leg, { is_held: input.is_held }));
        case 'check':
            return check(state, input.is_wanted);
    }
}
