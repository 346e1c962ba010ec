import { describe, expect, it } from 'vitest';

import type { PhoneNews, PhoneOffer } from './phone_protocol';
import { is_restoring, kNoPhone, leg_of, step, type Input, type PhoneState, type Step } from './phone_state';

function after(inputs: Input[], state: PhoneState = kNoPhone): Step {
    return inputs.reduce<Step>((done, input) => step(done.state, input), { state, effects: [] });
}

const news = (message: PhoneNews): Input => ({ type: 'news', news: message });
const place = (state: 'here' | 'elsewhere' | 'off', legs: number[] = []): Input =>
    news({ type: 'phone', state, ice_servers: [{ urls: 'stun:centre' }], legs });
const offer = (more: Partial<PhoneOffer> = {}): Input =>
    news({
        type: 'phone_offer',
        leg: 17,
        contact: 5,
        answered: false,
        held: false,
        sdp: 'v=0',
        ...more,
    });
const said = (message: object) => ({ type: 'say', message });

const kWanted: Input = { type: 'wanted', is_wanted: true };
const kOpen: Input = { type: 'connection', is_open: true };
const kHere: Input[] = [kWanted, kOpen, place('here')];
const described: Input = { type: 'described', leg: 17, sdp: 'v=9' };
const kPresented: Input[] = [...kHere, offer(), described, { type: 'link', leg: 17, link: 'open' }];
const kTalking: Input[] = [...kPresented, { type: 'answered', leg: 17 }];
const link_broken: Input = { type: 'link', leg: 17, link: 'broken' };

describe('being the telephone', () => {
    it('asks for it once both the agent wants it and the centre is there', () => {
        const open = said({ type: 'phone_open', take_over: false });
        expect(after([kOpen]).effects).toEqual([]);
        expect(after([kWanted]).effects).toEqual([]);
        expect(after([kWanted, kOpen]).effects).toEqual([open]);
        expect(after([kOpen, kWanted]).effects).toEqual([open]);
        expect(after([kOpen, kWanted, kWanted]).effects).toEqual([]);
    });

    it('asks again after each reconnect, in place of the connection that broke', () => {
        const away = after([...kHere, { type: 'connection', is_open: false }]);
        expect(away.state.station).toBe('asked');
        const again = after([kOpen], away.state);
        expect(again.effects).toEqual([said({ type: 'phone_open', take_over: true })]);
        const taken = after([place('elsewhere'), { type: 'connection', is_open: false }], again.state);
        expect(after([kOpen], taken.state).effects).toEqual([
            said({ type: 'phone_open', take_over: false }),
        ]);
    });

    it('lets another page be it, and takes it over when told to', () => {
        const elsewhere = after([kWanted, kOpen, place('elsewhere')]);
        expect(elsewhere.state.station).toBe('elsewhere');
        const taken = step(elsewhere.state, { type: 'taken_over' });
        expect(taken.effects).toEqual([said({ type: 'phone_open', take_over: true })]);
        expect(taken.state.station).toBe('asked');
    });

    it('asks again when the other page goes, but leaves it the time of a reload', () => {
        const free = after([kWanted, kOpen, place('elsewhere'), place('off')]);
        expect(free.effects).toEqual([{ type: 'ask_later' }]);
        const open = said({ type: 'phone_open', take_over: false });
        expect(step(free.state, { type: 'asked_again' }).effects).toEqual([open]);
        expect(after([...kHere, { type: 'asked_again' }]).effects).toEqual([]);
    });

    it('does not close what another page has', () => {
        const elsewhere = after([kWanted, kOpen, place('elsewhere')]).state;
        expect(step(elsewhere, { type: 'wanted', is_wanted: false }).effects).toEqual([]);
    });

    it('drops its legs when another page takes over', () => {
        const lost = after([...kTalking, place('elsewhere')]);
        expect(lost.effects).toEqual([{ type: 'drop', leg: 17 }]);
        expect(lost.state.legs.size).toBe(0);
    });

    it('says that it is none any more, and drops everything', () => {
        const off = after([...kTalking, { type: 'wanted', is_wanted: false }]);
        expect(off.effects).toEqual([said({ type: 'phone_close' }), { type: 'drop', leg: 17 }]);
        expect(off.state.station).toBe('off');
    });

    it('is off when the centre refuses, but a later refusal does not turn it off', () => {
        const refused = news({ type: 'refused', code: 'no', message: '' });
        expect(after([kWanted, kOpen, refused]).state.station).toBe('off');
        expect(after([...kTalking, refused]).state.station).toBe('here');
    });

    it('is not made the telephone unasked', () => {
        expect(after([kOpen, place('here', [17])]).state.station).toBe('off');
    });

    it('ends with the session, and begins with the next', () => {
        const left = after([...kTalking, { type: 'left' }]);
        expect(left.effects).toEqual([{ type: 'drop', leg: 17 }]);
        expect(left.state.station).toBe('off');
        expect(step(left.state, kOpen).effects).toHaveLength(1);
    });
});

describe('legs', () => {
    it('connects while it is presented, and answers once', () => {
        const presented = after([...kHere, offer()]);
        expect(presented.effects).toEqual([{ type: 'connect', leg: 17, sdp: 'v=0' }]);
        expect(leg_of(presented.state, 5)).toMatchObject({ is_answered: false, link: 'connecting' });
        const sent = step(presented.state, described);
        expect(sent.effects).toEqual([said({ type: 'phone_described', leg: 17, sdp: 'v=9' })]);
        const answered = step(sent.state, { type: 'answered', leg: 17 });
        expect(answered.effects).toEqual([said({ type: 'phone_answered', leg: 17 })]);
        expect(step(answered.state, { type: 'answered', leg: 17 }).effects).toEqual([]);
    });

    it('says the answer only after the description, which a new offer asks for again', () => {
        const early = after([...kHere, offer(), { type: 'answered', leg: 17 }]);
        expect(early.effects).toEqual([]);
        const both = [
            said({ type: 'phone_described', leg: 17, sdp: 'v=9' }),
            said({ type: 'phone_answered', leg: 17 }),
        ];
        expect(step(early.state, described).effects).toEqual(both);
        expect(after([offer(), described], early.state).effects).toEqual(both);
        const confirmed = after([...kTalking, offer({ answered: true }), described]);
        expect(confirmed.effects).toEqual(both.slice(0, 1));
    });

    it('takes an answer back that is refused, but not a call that was seen', () => {
        const refused = news({ type: 'refused', code: 'agent_not_alerting', message: '' });
        expect(leg_of(after([...kTalking, refused]).state, 5)?.is_answered).toBe(false);
        const seen: Input = { type: 'call_seen', leg: 17, is_held: false };
        expect(leg_of(after([...kTalking, seen, refused]).state, 5)?.is_answered).toBe(true);
    });

    it('takes no answer for a leg it has not, or without the centre', () => {
        expect(after([...kPresented, { type: 'answered', leg: 18 }]).effects).toEqual([]);
        const away: Input = { type: 'connection', is_open: false };
        const late = after([...kPresented, away, { type: 'answered', leg: 17 }]);
        expect(late.effects).toEqual([]);
        expect(leg_of(late.state, 5)?.is_answered).toBe(false);
    });

    it('heeds no offer while it is not the telephone', () => {
        expect(after([kWanted, kOpen, offer()]).effects).toEqual([]);
    });

    it('drops those that the centre does not name after a reconnect', () => {
        const back = after([...kTalking, { type: 'connection', is_open: false }, kOpen, place('here', [18])]);
        expect(back.effects).toEqual([{ type: 'drop', leg: 17 }]);
    });

    it('keeps the audio of a call while the centre is away, and until it says more', () => {
        const back = after([...kTalking, { type: 'connection', is_open: false }, kOpen]);
        expect(back.state.legs.size).toBe(1);
        expect(after([place('here', [17])], back.state).effects).toEqual([]);
    });

    it('stays muted and answered when its connection is replaced', () => {
        const muted: Input = { type: 'muted', leg: 17, is_muted: true };
        const again = after([...kTalking, muted, offer({ answered: true, sdp: 'v=1' })]);
        expect(again.effects).toEqual([{ type: 'connect', leg: 17, sdp: 'v=1' }]);
        expect(leg_of(again.state, 5)).toMatchObject({ is_answered: true, is_muted: true });
    });

    it('ends when it is over; one it does not know ends without a word', () => {
        const over = (leg: number) => news({ type: 'phone_over', leg, reason: 'ended' });
        expect(after([...kTalking, over(17)]).effects).toEqual([{ type: 'drop', leg: 17 }]);
        expect(after([...kTalking, over(18)]).effects).toEqual([]);
    });

    it('holds and takes back; not before the answer, and nothing twice', () => {
        const hold = (is_held: boolean): Input => ({ type: 'held', leg: 17, is_held });
        expect(after([...kPresented, hold(true)]).effects).toEqual([]);
        const held = after([...kTalking, hold(true)]);
        expect(held.effects).toEqual([said({ type: 'phone_held', leg: 17, held: true })]);
        expect(step(held.state, hold(true)).effects).toEqual([]);
        expect(step(held.state, hold(false)).effects).toHaveLength(1);
        const seen = step(held.state, { type: 'call_seen', leg: 17, is_held: false });
        expect(leg_of(seen.state, 5)?.is_held).toBe(false);
    });

    it('asks for a new offer as often as it is told of a broken link', () => {
        const told = said({ type: 'phone_broken', leg: 17 });
        const broken = after([...kTalking, link_broken]);
        expect(broken.effects).toEqual([told]);
        expect(step(broken.state, link_broken).effects).toEqual([told]);
        const away = step(broken.state, { type: 'connection', is_open: false });
        expect(step(away.state, link_broken).effects).toEqual([]);
    });
});

describe('is_restoring', () => {
    it('is so between a reload and the open link', () => {
        expect(is_restoring(after([kWanted, kOpen]).state)).toBe(true);
        const named = after([kWanted, kOpen, place('here', [17])]).state;
        expect(is_restoring(named)).toBe(true);
        const offered = after([offer({ answered: true })], named).state;
        expect(is_restoring(offered)).toBe(true);
        const open = after([{ type: 'link', leg: 17, link: 'open' }], offered).state;
        expect(is_restoring(open)).toBe(false);
    });

    it('is so while the page is away from the centre, until the new connection is open', () => {
        const away = after([...kTalking, { type: 'connection', is_open: false }]).state;
        expect(is_restoring(away)).toBe(true);
        const named = after([kOpen, place('here', [17])], away).state;
        expect(is_restoring(named)).toBe(true);
        const open: Input = { type: 'link', leg: 17, link: 'open' };
        expect(is_restoring(after([offer({ answered: true }), open], named).state)).toBe(false);
    });

    it('is so while the link is broken, and not for a call on another phone', () => {
        expect(is_restoring(after([...kTalking, link_broken]).state)).toBe(true);
        expect(is_restoring(after(kHere).state)).toBe(false);
        expect(is_restoring(kNoPhone)).toBe(false);
    });

    it('is over when the leg that was named is over', () => {
        const over = news({ type: 'phone_over', leg: 17, reason: 'ended' });
        expect(is_restoring(after([kWanted, kOpen, place('here', [17]), over]).state)).toBe(false);
    });
});

describe('a check', () => {
    it('is asked for only where this is the telephone, and speaks at once', () => {
        const check: Input = { type: 'check', is_wanted: true };
        expect(after([kWanted, kOpen, place('elsewhere'), check]).effects).toEqual([]);
        expect(after([...kHere, check]).effects).toEqual([said({ type: 'phone_test', wanted: true })]);
        const leg = after([...kHere, check, offer({ contact: null })]).state.legs.get(17);
        expect(leg).toMatchObject({ is_answered: true, contact: null });
    });

    it('is ended only while its leg is there', () => {
        const end: Input = { type: 'check', is_wanted: false };
        expect(after([...kTalking, end]).effects).toEqual([]);
        const over = said({ type: 'phone_test', wanted: false });
        expect(after([...kHere, offer({ contact: null }), end]).effects).toEqual([over]);
    });
});
