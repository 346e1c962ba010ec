// The telephone as a state machine: what it knows, and what is to be done when something happens.
// No sound and no network here; phone.svelte.ts does what the effects say.
import type { IceServer, PhoneMessage, PhoneNews, PhoneOffer, PhonePlace } from './phone_protocol';

export type Link = 'connecting' | 'open' | 'broken';

export interface Leg {
    id: number;
    contact: number | null; // null: a check
    is_answered: boolean; // by the agent; what the centre makes of it:
    is_told: boolean; // it was said to the centre, which takes it only for a leg that is described
    is_confirmed: boolean; // the centre shows the contact as talking
    is_held: boolean;
    is_muted: boolean;
    is_described: boolean; // the answer to the offer is on its way
    link: Link;
}

// asked: the centre has not said yet whether it takes this page as the telephone.
export type Station = 'off' | 'asked' | 'here' | 'elsewhere';

export interface PhoneState {
    is_wanted: boolean; // the agent has chosen the telephone in the browser
    is_connected: boolean; // to the centre
    station: Station;
    was_here: boolean; // the telephone when the connection broke
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
    | { type: 'asked_again' }
    | { type: 'described'; leg: number; sdp: string }
    | { type: 'link'; leg: number; link: Link }
    | { type: 'answered'; leg: number }
    | { type: 'muted'; leg: number; is_muted: boolean }
    | { type: 'held'; leg: number; is_held: boolean }
    | { type: 'call_seen'; leg: number; is_held: boolean } // in the centre's picture
    | { type: 'check'; is_wanted: boolean };

export type Effect =
    | { type: 'say'; message: PhoneMessage }
    | { type: 'connect'; leg: number; sdp: string }
    | { type: 'ask_later' }
    | { type: 'drop'; leg: number };

export interface Step {
    state: PhoneState;
    effects: Effect[];
}

export const kNoPhone: PhoneState = {
    is_wanted: false,
    is_connected: false,
    station: 'off',
    was_here: false,
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
    const may_be = state.station === 'here' || state.station === 'asked';
    const words = state.is_connected && may_be ? [say({ type: 'phone_close' })] : [];
    return without_legs({ ...state, is_wanted, station: 'off' }, words);
}

// Without the centre the audio of a call may go on, so legs stay until it says which still exist.
function connect(state: PhoneState, is_open: boolean): Step {
    if (is_open) {
        return ask({ ...state, is_connected: true }, state.was_here);
    }
    // The centre may not have noticed yet that the connection broke, and takes it for another page.
    const was_here = state.station === 'here' || state.was_here;
    const station = state.is_wanted ? 'asked' : 'off';
    return nothing({ ...state, is_connected: false, station, was_here });
}

function place(before: PhoneState, news: PhonePlace): Step {
    const state = { ...before, was_here: false };
    const { ice_servers } = news;
    if (state.is_wanted && news.state === 'off') {
        // The page that was it has gone. It may be back in a moment, from a reload.
        return without_legs({ ...state, station: 'asked', ice_servers }, [{ type: 'ask_later' }]);
    }
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

// One for a leg that is known replaces its connection; what the agent has done with it stays.
function set_up(state: PhoneState, offer: PhoneOffer): Step {
    if (state.station !== 'here') {
        return nothing(state);
    }
    const before = state.legs.get(offer.leg);
    const is_answered = offer.answered || offer.contact === null;
    const leg: Leg = {
        id: offer.leg,
        contact: offer.contact,
        is_answered: is_answered || before?.is_answered === true,
        is_told: is_answered,
        is_confirmed: is_answered,
        is_held: offer.held,
        is_muted: before?.is_muted ?? false,
        is_described: false,
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
            return nothing(refuse(state));
    }
}

// An answer that is not in the centre's picture yet may be what was refused: the microphone must
// not stay in a call that the agent did not get.
function refuse(state: PhoneState): PhoneState {
    if (state.station === 'asked') {
        return { ...state, station: 'off' };
    }
    const legs = Array.from(state.legs, ([id, leg]): [number, Leg] => [
        id,
        { ...leg, is_answered: leg.is_confirmed, is_told: leg.is_confirmed },
    ]);
    return { ...state, legs: new Map(legs) };
}

function describe(state: PhoneState, id: number, sdp: string): Step {
    const leg = state.legs.get(id);
    if (leg === undefined || !state.is_connected) {
        return nothing(state);
    }
    const described = with_leg(state, id, { is_described: true });
    const effects = [say({ type: 'phone_described', leg: id, sdp })];
    const told = tell_answer(described, id);
    return { state: told.state, effects: [...effects, ...told.effects] };
}

function tell_answer(state: PhoneState, id: number): Step {
    const leg = state.legs.get(id);
    if (leg === undefined || !leg.is_answered || leg.is_told || !leg.is_described) {
        return nothing(state);
    }
    return {
        state: with_leg(state, id, { is_told: true }),
        effects: [say({ type: 'phone_answered', leg: id })],
    };
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
    return tell_answer(with_leg(state, id, { is_answered: true }), id);
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

// Whether the agent of a call that goes on does not hear it, and will again. While the page is not
// connected to the centre, the caller is kept waiting there.
export function is_restoring(state: PhoneState): boolean {
    const legs = Array.from(state.legs.values()).filter((leg) => leg.contact !== null);
    if (legs.length > 0 && state.awaited.length === 0) {
        return !state.is_connected || legs.every((leg) => leg.link !== 'open');
    }
    return state.station === 'asked' || state.awaited.length > 0;
}

export function leg_of(state: PhoneState, contact: number): Leg | null {
    return Array.from(state.legs.values()).find((leg) => leg.contact === contact) ?? null;
}

// Holding is what the picture says, also when it was not asked for from here.
function see_call(state: PhoneState, id: number, is_held: boolean): PhoneState {
    return with_leg(state, id, { is_confirmed: true, is_held });
}

function check(state: PhoneState, wanted: boolean): Step {
    const is_there = Array.from(state.legs.values()).some((leg) => leg.contact === null);
    const is_possible = state.station === 'here' && state.is_connected && (wanted || is_there);
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
        case 'asked_again':
            return state.station === 'asked' ? ask(state, false) : nothing(state);
        case 'described':
            return describe(state, input.leg, input.sdp);
        case 'link':
            return link(state, input.leg, input.link);
        case 'answered':
            return answer(state, input.leg);
        case 'muted':
            return nothing(with_leg(state, input.leg, { is_muted: input.is_muted }));
        case 'held':
            return hold(state, input.leg, input.is_held);
        case 'call_seen':
            return nothing(see_call(state, input.leg, input.is_held));
        case 'check':
            return check(state, input.is_wanted);
    }
}
