// Phone: the agent's telephone in the browser. Does what phone_state.ts decides, with real sound.
import type { Centre } from './centre.svelte';
import {
    falling_level,
    judge_network,
    judge_sound,
    kFloorDb,
    peak_level_db,
    type CheckResult,
} from './phone_check';
import { PhoneLeg } from './phone_leg';
import { Microphone, type MicrophoneProblem } from './phone_microphone';
import { parse_news, type PhoneNews, type PhoneRefused } from './phone_protocol';
import { quality_between, type Quality, type Sample } from './phone_quality';
import { part_length_of, Speaker } from './phone_speaker';
import {
    kNoPhone,
    step,
    type Effect,
    type Input,
    type Leg,
    type Link,
    type Station,
} from './phone_state';

export type CheckStep = 'idle' | 'connecting' | 'speaking' | 'playing';

// What is worth saying aloud; texts of the same names with "phone_said_" before them.
export type Said =
    'muted' | 'heard' | 'held' | 'resumed' | 'here' | 'elsewhere' | 'broken' | 'restored';

const kChoiceKey = 'lanze.phone';
const kSampleMs = 2000;
const kAskAgainMs = 4000;
const kAskLaterMs = 3000; // longer than a reload of the other page takes
const kMeterMs = 60;
const kCheckMs = 3000;
const kConnectMs = 11_000; // a leg that is not open then has been told as broken
const kSettleMs = 400; // the first packets of a leg are not what it sounds like

// What was said while the call ended or the telephone went elsewhere, which the desk shows anyway;
// and what comes with the end of a leg that was not understood.
const kCrossed = ['unknown_leg', 'not_the_phone', 'bad_description'];

const pause = (span_ms: number) => new Promise((resolve) => setTimeout(resolve, span_ms));

export class Phone {
    state = $state.raw(kNoPhone);
    // Kept by this browser: the telephone belongs to the headset at this machine.
    is_chosen = $state(localStorage.getItem(kChoiceKey) === 'browser');
    microphone_id = $state(localStorage.getItem('lanze.microphone') ?? '');
    speaker_id = $state(localStorage.getItem('lanze.speaker') ?? '');
    devices = $state.raw<MediaDeviceInfo[]>([]);
    problem = $state<MicrophoneProblem | null>(null);
    is_asking = $state(false); // the browser asks the person for the microphone
    refusal = $state.raw<PhoneRefused | null>(null);
    is_sound_blocked = $state(false);
    level = $state(kFloorDb);
    quality = $state.raw<Quality | null>(null);
    check_step = $state<CheckStep>('idle');
    check_result = $state.raw<CheckResult | null>(null);
    check_refusal = $state.raw<PhoneRefused | null>(null);
    is_keypad_open = $state(false);
    said = $state.raw<{ what: Said } | null>(null);

    // The leg of the contact with this agent; at most one is at a desk.
    leg = $derived(Array.from(this.state.legs.values()).find((one) => one.contact !== null) ?? null);
    is_in_call = $derived(this.leg?.is_answered === true);

    private readonly centre_: Centre;
    private readonly microphone_ = new Microphone();
    private readonly speaker_ = new Speaker();
    private readonly connections_ = new Map<number, PhoneLeg>();
    private readonly streams_ = new Map<number, MediaStream>();
    // Legs of calls whose audio is away; when it comes back, that is said.
    private readonly restoring_ = new Set<number>();
    private before_: Sample | null = null;
    private is_metered_ = false;
    private is_started_ = false;

    constructor(centre: Centre) {
        this.centre_ = centre;
        centre.telephone = {
            opened: () => this.act_({ type: 'connection', is_open: true }),
            broke: () => this.act_({ type: 'connection', is_open: false }),
            left: () => this.act_({ type: 'left' }),
            heard: (text) => this.hear_(text),
        };
        this.microphone_.on_end = () => void this.lose_microphone_();
        this.speaker_.on_blocked = (is_blocked) => (this.is_sound_blocked = is_blocked);
        navigator.mediaDevices?.addEventListener('devicechange', () => {
            void this.list_devices();
            void this.speaker_.choose(this.speaker_id); // plugged in again, perhaps
        });
        addEventListener('storage', (event) => this.follow_other_page_(event));
        void this.speaker_.choose(this.speaker_id);
        setInterval(() => void this.sample_(), kSampleMs);
        setInterval(() => this.ask_again_(), kAskAgainMs);
        void this.start_();
    }

    // Turned on, the browser asks for the microphone now and not while a caller waits.
    async choose(is_chosen: boolean): Promise<void> {
        this.is_chosen = is_chosen;
        localStorage.setItem(kChoiceKey, is_chosen ? 'browser' : 'own');
        this.problem = null;
        this.refusal = null;
        if (is_chosen) {
            this.is_asking = true;
            await this.open_microphone_();
            await this.list_devices();
            this.is_asking = false;
        }
        this.settle_();
    }

    take_over(): void {
        this.refusal = null;
        this.act_({ type: 'taken_over' });
    }

    // After a problem was mended.
    try_again(): void {
        void this.choose(true);
        if (this.state.station === 'off') {
            this.act_({ type: 'connection', is_open: this.centre_.connection === 'open' });
        }
    }

    async answer(): Promise<void> {
        const leg = this.leg;
        if (leg !== null && !leg.is_answered && (await this.open_microphone_())) {
            this.act_({ type: 'answered', leg: leg.id });
        }
    }

    mute(): void {
        const leg = this.leg;
        if (leg?.is_answered) {
            this.act_({ type: 'muted', leg: leg.id, is_muted: !leg.is_muted });
            this.said = { what: leg.is_muted ? 'heard' : 'muted' };
        }
    }

    hold(): void {
        const leg = this.leg;
        if (leg?.is_answered && this.state.is_connected) {
            this.act_({ type: 'held', leg: leg.id, is_held: !leg.is_held });
            this.said = { what: leg.is_held ? 'resumed' : 'held' };
        }
    }

    press(digit: string): boolean {
        const leg = this.leg;
        return leg !== null && (this.connections_.get(leg.id)?.press(digit) ?? false);
    }

    unblock_sound(): void {
        this.speaker_.resume();
    }

    // The centre's picture shows the contact of the leg in conversation, or on hold; null: of an
    // own call it does not tell which.
    follow(is_held: boolean | null): void {
        if (this.leg?.is_answered) {
            const { id } = this.leg;
            this.act_({ type: 'call_seen', leg: id, is_held: is_held ?? this.leg.is_held });
        }
    }

    // Names of devices come only after the microphone was allowed. One that is plugged in again
    // mends what was missing.
    async list_devices(): Promise<void> {
        const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
        this.devices = all.filter((one) => one.kind !== 'videoinput' && one.deviceId !== '');
        const is_missing = all.every((one) => one.kind !== 'audioinput');
        if (this.is_chosen && is_missing) {
            this.problem ??= 'missing';
        } else if (this.problem === 'missing') {
            this.problem = null;
        }
        this.settle_();
    }

    async choose_microphone(id: string): Promise<void> {
        this.microphone_id = id;
        localStorage.setItem('lanze.microphone', id);
        if (this.microphone_.track !== null) {
            this.microphone_.close();
            await this.open_microphone_();
            this.microphone_.measure();
        }
    }

    async choose_speaker(id: string): Promise<void> {
        this.speaker_id = id;
        localStorage.setItem('lanze.speaker', id);
        await this.speaker_.choose(id);
    }

    // Runs until the function that it gives is called.
    meter(): () => void {
        this.is_metered_ = true;
        this.forget_check_();
        void this.open_microphone_().then((is_open) => {
            if (is_open) {
                this.microphone_.measure();
                void this.list_devices();
            }
        });
        const timer = setInterval(() => {
            this.level = falling_level(this.level, this.microphone_.level());
        }, kMeterMs);
        return () => {
            clearInterval(timer);
            this.is_metered_ = false;
            this.level = kFloorDb;
            this.settle_();
        };
    }

    // Three seconds of speech to the centre and back, played again and judged.
    async check(): Promise<void> {
        if (this.check_step !== 'idle' || this.leg !== null || this.state.station !== 'here') {
            return;
        }
        this.speaker_.unlock();
        this.forget_check_();
        this.check_step = 'connecting';
        try {
            if (await this.open_microphone_()) {
                this.microphone_.measure();
                this.act_({ type: 'check', is_wanted: true });
                this.check_result = await this.run_check_();
                this.check_refusal = this.check_result === null ? this.refusal : null;
            }
        } finally {
            this.check_step = 'idle';
            this.act_({ type: 'check', is_wanted: false });
        }
    }

    // The choice is the browser's: all its pages make it.
    private follow_other_page_(event: StorageEvent): void {
        if (event.key === kChoiceKey) {
            this.is_chosen = event.newValue === 'browser';
            this.settle_();
        }
    }

    // What is known of the microphone without opening it, so that no light goes on for nothing.
    private async start_(): Promise<void> {
        if (this.is_chosen) {
            const name = 'microphone' as PermissionName; // not every browser's, nor TypeScript's
            const permission = await navigator.permissions?.query({ name }).catch(() => null);
            if (navigator.mediaDevices === undefined) {
                this.problem = 'insecure';
            } else if (permission?.state === 'denied') {
                this.problem = 'refused';
            }
            await this.list_devices();
        }
        this.is_started_ = true;
        this.settle_();
    }

    private forget_check_(): void {
        this.check_result = null;
        this.check_refusal = null;
    }

    private async run_check_(): Promise<CheckResult | null> {
        const id = await this.wait_for_check_();
        const connection = id === null ? undefined : this.connections_.get(id);
        const stream = id === null ? undefined : this.streams_.get(id);
        if (connection === undefined || stream === undefined) {
            // Refused: that is told by itself, and says nothing about the network.
            return this.refusal === null ? { sound: null, network: 'no_way', quality: null } : null;
        }
        await pause(kSettleMs);
        this.check_step = 'speaking';
        const before = await connection.sample();
        let spoken_db = kFloorDb;
        const meter = setInterval(() => {
            spoken_db = Math.max(spoken_db, this.microphone_.level());
        }, kMeterMs);
        const recording = await this.speaker_.record(stream, kCheckMs);
        clearInterval(meter);
        const after = await connection.sample();
        const quality = after === null ? null : quality_between(before, after);
        const heard = recording?.getChannelData(0) ?? new Float32Array();
        const part = recording === null ? 1 : part_length_of(recording);
        const sound = judge_sound(spoken_db, peak_level_db(heard, part));
        if (recording !== null && (sound === 'fine' || sound === 'quiet')) {
            this.check_step = 'playing';
            await this.speaker_.play_back(recording);
        }
        return { sound, network: judge_network(after, quality), quality };
    }

    // The leg of the check once it is open; null if none came to anything.
    private async wait_for_check_(): Promise<number | null> {
        const end = performance.now() + kConnectMs;
        this.refusal = null;
        while (performance.now() < end && this.refusal === null) {
            const legs = Array.from(this.state.legs.values());
            const leg = legs.find((one) => one.contact === null && one.link === 'open');
            if (leg !== undefined) {
                return leg.id;
            }
            await pause(50);
        }
        return null;
    }

    private hear_(text: string): boolean {
        const news = parse_news(text);
        if (news === null) {
            return false;
        }
        const before = this.state.station;
        this.tell_(news, before);
        this.act_({ type: 'news', news });
        const after = this.state.station;
        if (after !== before && (after === 'elsewhere' || after === 'here')) {
            this.said = { what: after };
        }
        return true;
    }

    // What went wrong is told where it is looked for: at the choice of the telephone, or for a call
    // above everything else.
    private tell_(news: PhoneNews, before: Station): void {
        if (news.type === 'refused') {
            this.refusal = news;
            const is_told = before === 'asked' || this.check_step !== 'idle';
            if (!is_told && !kCrossed.includes(news.code)) {
                this.centre_.tell_refusal(news.code, news.message);
            }
        } else if (news.type === 'phone_over' && news.reason === 'not_understood') {
            this.centre_.tell_refusal('not_understood', '');
        }
    }

    private act_(input: Input): void {
        const { state, effects } = step(this.state, input);
        this.state = state;
        for (const effect of effects) {
            this.do_(effect);
        }
        this.settle_();
    }

    private do_(effect: Effect): void {
        switch (effect.type) {
            case 'say':
                return this.centre_.say(effect.message);
            case 'connect':
                return void this.connect_(effect.leg, effect.sdp);
            case 'drop':
                return this.drop_(effect.leg);
            case 'ask_later':
                return void setTimeout(() => this.act_({ type: 'asked_again' }), kAskLaterMs);
        }
    }

    private drop_(id: number): void {
        if (!this.state.legs.has(id)) {
            this.restoring_.delete(id);
            this.is_keypad_open = false;
        }
        this.connections_.get(id)?.close();
        this.connections_.delete(id);
        this.streams_.delete(id);
        this.before_ = null;
        this.quality = null;
    }

    private async connect_(id: number, sdp: string): Promise<void> {
        this.drop_(id);
        if (this.state.legs.get(id)?.is_answered && id === this.leg?.id) {
            this.restoring_.add(id);
        }
        const connection = new PhoneLeg(this.state.ice_servers, {
            linked: (link) => this.link_(id, connection, link),
            arrived: (stream) => {
                this.streams_.set(id, stream);
                this.settle_();
            },
        });
        this.connections_.set(id, connection);
        void this.open_microphone_();
        try {
            const answer = await connection.describe(sdp);
            if (this.connections_.get(id) === connection) {
                this.act_({ type: 'described', leg: id, sdp: answer });
            }
        } catch {
            this.link_(id, connection, 'broken');
        }
    }

    private link_(id: number, connection: PhoneLeg, link: Link): void {
        if (this.connections_.get(id) !== connection) {
            return;
        }
        const is_call = id === this.leg?.id && this.leg.is_answered;
        if (link === 'broken' && is_call && !this.restoring_.has(id)) {
            this.restoring_.add(id);
            this.said = { what: 'broken' };
        } else if (link === 'open' && this.restoring_.delete(id)) {
            this.said = { what: 'restored' };
        }
        this.act_({ type: 'link', leg: id, link });
    }

    private ask_again_(): void {
        for (const leg of this.state.legs.values()) {
            if (leg.link === 'broken') {
                this.act_({ type: 'link', leg: leg.id, link: 'broken' });
            }
        }
    }

    // Makes what is sent and played fit what the state says.
    private settle_(): void {
        const track = this.microphone_.track;
        let playing: Leg | null = null;
        for (const leg of this.state.legs.values()) {
            void this.connections_.get(leg.id)?.send(leg.is_answered ? track : null);
            playing = leg.is_answered ? leg : playing;
        }
        if (track !== null) {
            track.enabled = playing === null || !(playing.is_muted || playing.is_held);
        }
        const is_call = playing !== null && playing.contact !== null;
        if (this.check_step !== 'playing' || is_call) {
            const stream = playing === null ? null : (this.streams_.get(playing.id) ?? null);
            this.speaker_.play(stream, !is_call || playing?.is_held === true);
        }
        const is_needed = this.is_metered_ || this.is_asking || this.check_step !== 'idle';
        if (this.state.legs.size === 0 && !is_needed) {
            this.microphone_.close();
        }
        this.open_or_close_();
    }

    // Who cannot speak is no telephone: the next caller goes to somebody who can. A call that is
    // there stays, whatever was chosen meanwhile.
    private open_or_close_(): void {
        if (!this.is_started_ || this.is_asking) {
            return;
        }
        const is_possible = this.is_chosen && this.problem === null;
        const is_wanted = is_possible || this.state.legs.size > 0;
        if (is_wanted !== this.state.is_wanted) {
            this.act_({ type: 'wanted', is_wanted });
        }
    }

    private async open_microphone_(): Promise<boolean> {
        const opened = await this.microphone_.open(this.microphone_id);
        const is_open = typeof opened !== 'string';
        this.problem = is_open ? null : opened;
        this.settle_();
        return is_open;
    }

    private async lose_microphone_(): Promise<void> {
        await this.list_devices();
        if (this.state.legs.size > 0 || this.is_metered_) {
            await this.open_microphone_();
            this.microphone_.measure();
        }
    }

    private async sample_(): Promise<void> {
        const leg = this.leg;
        if (leg === null || !leg.is_answered || leg.is_held || leg.link !== 'open') {
            this.quality = null;
            this.before_ = null;
            return;
        }
        const sample = (await this.connections_.get(leg.id)?.sample()) ?? null;
        if (sample !== null && this.before_ !== null) {
            this.quality = quality_between(this.before_, sample);
        }
        this.before_ = sample;
    }
}
