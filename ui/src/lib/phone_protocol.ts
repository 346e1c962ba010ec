// What the page, as the agent's telephone, and the centre say to each other over the live connection.

export interface IceServer {
    urls: string | string[];
    username?: string;
    credential?: string;
}

// Where the agent's telephone in a browser is; elsewhere: in another page of his.
export type Place = 'here' | 'elsewhere' | 'off';

export interface PhonePlace {
    type: 'phone';
    state: Place;
    ice_servers: IceServer[];
    legs: number[]; // those that still exist; an offer follows for each
}

export interface PhoneOffer {
    type: 'phone_offer';
    leg: number;
    contact: number | null; // null: a check, on which the agent hears himself
    answered: boolean;
    held: boolean;
    sdp: string;
}

export interface PhoneOver {
    type: 'phone_over';
    leg: number;
    reason: string;
}

export interface PhoneRefused {
    type: 'refused';
    code: string;
    message: string;
}

export type PhoneNews = PhonePlace | PhoneOffer | PhoneOver | PhoneRefused;

export type PhoneMessage =
    | { type: 'phone_open'; take_over: boolean }
    | { type: 'phone_close' }
    | { type: 'phone_described'; leg: number; sdp: string }
    | { type: 'phone_answered'; leg: number }
    | { type: 'phone_held'; leg: number; held: boolean }
    | { type: 'phone_broken'; leg: number }
    | { type: 'phone_test'; wanted: boolean };

const kLegsMax = 16;
const kIceServersMax = 16;
const kPlaces: readonly string[] = ['here', 'elsewhere', 'off'];

type Raw = Record<string, unknown>;

function is_id(value: unknown): value is number {
    return Number.isSafeInteger(value) && (value as number) >= 0;
}

function is_ice_server(value: unknown): value is IceServer {
    const urls = (value as Raw | null)?.urls;
    const all = Array.isArray(urls) ? urls : [urls];
    return all.length > 0 && all.every((one) => typeof one === 'string');
}

function place_of(raw: Raw): PhonePlace | null {
    if (!kPlaces.includes(String(raw.state))) {
        return null;
    }
    const servers = Array.isArray(raw.ice_servers) ? raw.ice_servers : [];
    const legs = Array.isArray(raw.legs) ? raw.legs : [];
    return {
        type: 'phone',
        state: raw.state as Place,
        ice_servers: servers.filter(is_ice_server).slice(0, kIceServersMax),
        legs: legs.filter(is_id).slice(0, kLegsMax),
    };
}

function offer_of(raw: Raw): PhoneOffer | null {
    const { leg, sdp } = raw;
    if (!is_id(leg) || typeof sdp !== 'string' || sdp === '') {
        return null;
    }
    return {
        type: 'phone_offer',
        leg,
        contact: is_id(raw.contact) ? raw.contact : null,
        answered: raw.answered === true,
        held: raw.held === true,
        sdp,
    };
}

// Null for a message that is not the telephone's, or that makes no sense.
export function parse_news(text: string): PhoneNews | null {
    let raw: Raw | null;
    try {
        raw = JSON.parse(text) as Raw | null;
    } catch {
        return null;
    }
    switch (raw?.type) {
        case 'phone':
            return place_of(raw);
        case 'phone_offer':
            return offer_of(raw);
        case 'phone_over':
            return is_id(raw.leg)
                ? { type: 'phone_over', leg: raw.leg, reason: String(raw.reason ?? 'ended') }
                : null;
        case 'refused':
            return {
                type: 'refused',
                code: String(raw.code ?? ''),
                message: String(raw.message ?? ''),
            };
        default:
            return null;
    }
}
