// Guest: a caller's page: begins the call, keeps it through reloads and broken connections, and
// carries its sound.
import { Microphone, type MicrophoneProblem } from '../lib/phone_microphone';
import { PhoneLeg } from '../lib/phone_leg';
import { parse_news, type IceServer, type PhoneOffer } from '../lib/phone_protocol';
import { Speaker } from '../lib/phone_speaker';
import { retry_delay_ms } from '../lib/time';
import { Correspondence } from './correspondence.svelte';
import {
    guest_api,
    parse_guest_news,
    type Answer,
    type Concerns,
    type Kind,
    type Place,
    type Refused,
    type Wish,
} from './guest_protocol';

const kTokenKey = 'lanze.call';
const kConcernsEvery_ms = 5000;
const kHungUpWithin_ms = 1500;
const kSolveTries = 3;

export type Phase = 'choosing' | 'beginning' | 'calling' | 'over';
export type Problem =
    | { kind: 'microphone'; which: MicrophoneProblem }
    | { kind: 'refused'; refused: Refused };

// Frames of other sites may have no storage; then a reload loses the call.
function stored(): string | null {
    try {
        return sessionStorage.getItem(kTokenKey);
    } catch {
        return null;
    }
}
function store(token: string | null): void {
    try {
        if (token === null) {
            sessionStorage.removeItem(kTokenKey);
        } else {
            sessionStorage.setItem(kTokenKey, token);
        }
    } catch {
        // as above
    }
}

async function solved(): Promise<Answer<Wish['solution']>> {
    const given = await guest_api.challenge();
    if (!given.is_ok) {
        return given;
    }
    const { challenge } = given.value;
    const worker = new Worker(new URL('./solver_worker.ts', import.meta.url), { type: 'module' });
    const answer = await new Promise<string | null>((resolve) => {
        worker.onmessage = (event: MessageEvent<string>) => resolve(event.data);
        worker.onerror = () => resolve(null);
        worker.postMessage(given.value);
    });
    worker.terminate();
    return answer === null
        ? { is_ok: false, refused: { code: 'failed', retry_s: null } }
        : { is_ok: true, value: { challenge, answer } };
}

export class Guest {
    phase = $state<Phase>('choosing');
    concerns = $state.raw<Concerns | null>(null);
    is_reachable = $state(true); // the concerns could be asked for
    problem = $state.raw<Problem | null>(null);
    place = $state.raw<Place | null>(null);
    why = $state(''); // the call is over
    queue = $state(''); // that was called
    kind = $state<Kind>('voice');
    is_solving = $state(false);
    is_muted = $state(false);
    is_away = $state(false); // no connection; it is tried again
    is_silent = $state(false); // the browser plays nothing before a click
    is_heard = $state(false); // the audio is connected

    readonly chat = new Correspondence(
        (message) => this.say_(message),
        () => this.token_,
    );

    private readonly microphone_ = new Microphone();
    private readonly speaker_ = new Speaker();
    private socket_: WebSocket | null = null;
    private leg_: PhoneLeg | null = null;
    private leg_number_ = 0;
    private ice_servers_: IceServer[] = [];
    private token_ = stored();
    private attempt_ = 0;
    private retry_: ReturnType<typeof setTimeout> | undefined;
    private hung_up_: ReturnType<typeof setTimeout> | undefined;

    constructor() {
        this.speaker_.on_blocked = (is_blocked) => (this.is_silent = is_blocked);
        this.microphone_.on_end = () => void this.send_voice_();
        if (this.token_ !== null) {
            this.phase = 'calling';
            this.connect_();
        }
    }

    // Asks for the concerns now and again while somebody chooses; gives the way to stop.
    follow_concerns(): () => void {
        const look = async () => {
            if (this.phase === 'choosing' && document.visibilityState === 'visible') {
                const answer = await guest_api.concerns();
                this.is_reachable = answer.is_ok;
                this.concerns = answer.is_ok ? answer.value : this.concerns;
            }
        };
        void look();
        const timer = setInterval(() => void look(), kConcernsEvery_ms);
        return () => clearInterval(timer);
    }

    async begin(queue: string, name: string, kind: Kind): Promise<void> {
        if (this.phase !== 'choosing') {
            return;
        }
        this.phase = 'beginning';
        this.problem = null;
        if (kind === 'voice') {
            this.speaker_.unlock(); // in the click
            const track = await this.microphone_.open('');
            if (typeof track === 'string') {
                return this.fail_({ kind: 'microphone', which: track });
            }
        }
        const begun = await this.ask_({ queue, kind, name });
        if (!begun.is_ok) {
            return this.fail_({ kind: 'refused', refused: begun.refused });
        }
        this.queue = queue;
        this.kind = kind;
        this.chat.begin();
        this.token_ = begun.value.token;
        store(this.token_);
        this.phase = 'calling';
        this.connect_();
    }

    mute(is_muted: boolean): void {
        this.is_muted = is_muted;
        void this.send_voice_();
    }

    // In a click, where the browser wanted one.
    listen(): void {
        this.speaker_.unlock();
        this.speaker_.resume();
    }

    // The centre says that it is over; if it does not answer, it learns it by the silence.
    hang_up(): void {
        this.say_({ type: 'phone_close' });
        clearTimeout(this.hung_up_);
        this.hung_up_ = setTimeout(() => this.end_('hung_up'), kHungUpWithin_ms);
    }

    // Back to the choice.
    again(): void {
        this.phase = 'choosing';
        this.problem = null;
        this.place = null;
        this.why = '';
    }

    private async ask_(wish: Wish): Promise<Answer<{ token: string }>> {
        let answer: Answer<{ token: string }> = {
            is_ok: false,
            refused: { code: 'challenge_needed', retry_s: null },
        };
        if (this.concerns?.asks_challenge !== true) {
            answer = await guest_api.begin(wish);
        }
        // The load may rise meanwhile, and with it what is asked.
        for (let i = 0; i < kSolveTries; i++) {
            if (answer.is_ok || answer.refused.code !== 'challenge_needed') {
                return answer;
            }
            this.is_solving = true;
            const solution = await solved();
            this.is_solving = false;
            answer = solution.is_ok
                ? await guest_api.begin({ ...wish, solution: solution.value })
                : solution;
        }
        return answer;
    }

    private fail_(problem: Problem): void {
        this.problem = problem;
        this.phase = 'choosing';
        this.microphone_.close();
    }

    private connect_(): void {
        const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
        const socket = new WebSocket(`${scheme}://${location.host}/api/v1/call/live`);
        this.socket_ = socket;
        socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token: this.token_ }));
        socket.onmessage = (event: MessageEvent<string>) => this.hear_(event.data);
        socket.onclose = (event) => {
            if (this.socket_ !== socket) {
                return;
            }
            this.socket_ = null;
            if (event.reason === 'unknown_token') {
                this.end_('lost');
            } else if (event.reason === 'taken_over') {
                this.end_('elsewhere');
            } else if (this.phase === 'calling') {
                this.is_away = true;
                const delay_ms = retry_delay_ms(this.attempt_++, Math.random());
                this.retry_ = setTimeout(() => this.connect_(), delay_ms);
            }
        };
    }

    private say_(message: object): void {
        if (this.socket_?.readyState === WebSocket.OPEN) {
            this.socket_.send(JSON.stringify(message));
        }
    }

    private hear_(text: string): void {
        const news = parse_guest_news(text);
        if (news?.type === 'welcome') {
            this.queue = news.queue;
            this.kind = news.kind;
            this.is_away = false;
            this.attempt_ = 0;
            return;
        }
        if (news !== null) {
            return news.state === 'over' ? this.end_(news.why ?? 'ended') : this.follow_(news);
        }
        if (this.chat.hear(text)) {
            return;
        }
        const phone = parse_news(text);
        if (phone?.type === 'refused' && this.kind === 'text') {
            this.chat.refuse();
        } else if (phone?.type === 'phone') {
            this.ice_servers_ = phone.ice_servers;
        } else if (phone?.type === 'phone_offer') {
            void this.take_offer_(phone);
        } else if (phone?.type === 'phone_over' && phone.leg === this.leg_number_) {
            this.close_leg_();
        }
    }

    private follow_(place: Place): void {
        this.place = place;
    }

    private async take_offer_(offer: PhoneOffer): Promise<void> {
        this.close_leg_();
        this.leg_number_ = offer.leg;
        const leg = new PhoneLeg(this.ice_servers_, {
            linked: (link) => {
                if (this.leg_ !== leg) {
                    return;
                }
                this.is_heard = link === 'open';
                if (link === 'broken') {
                    this.say_({ type: 'phone_broken', leg: offer.leg });
                }
            },
            arrived: (stream) => this.leg_ === leg && this.speaker_.play(stream, false),
        });
        this.leg_ = leg;
        const track = await this.microphone_.open(''); // open already, but after a reload
        if (this.leg_ !== leg) {
            // Over while the browser asked whether it may be used.
            if (this.phase !== 'calling') {
                this.microphone_.close();
            }
            return;
        }
        if (typeof track === 'string') {
            this.problem = { kind: 'microphone', which: track };
        }
        await this.send_voice_();
        try {
            const sdp = await leg.describe(offer.sdp);
            if (this.leg_ === leg) {
                this.say_({ type: 'phone_described', leg: offer.leg, sdp });
            }
        } catch {
            if (this.leg_ === leg) {
                this.say_({ type: 'phone_broken', leg: offer.leg });
            }
        }
    }

    // Muted, the track stays and is silent, so that the centre still hears that we are there.
    private async send_voice_(): Promise<void> {
        const track = this.microphone_.track;
        if (track !== null) {
            track.enabled = !this.is_muted;
        }
        await this.leg_?.send(track);
    }

    private close_leg_(): void {
        this.leg_?.close();
        this.leg_ = null;
        this.is_heard = false;
    }

    private end_(why: string): void {
        if (this.phase !== 'calling') {
            return;
        }
        this.phase = 'over';
        this.why = why;
        this.token_ = null;
        if (why !== 'elsewhere') {
            store(null);
        }
        clearTimeout(this.retry_);
        clearTimeout(this.hung_up_);
        const socket = this.socket_;
        this.socket_ = null;
        socket?.close();
        this.close_leg_();
        this.speaker_.play(null, true);
        this.microphone_.close();
        this.is_muted = false;
        this.is_away = false;
        this.place = null;
    }
}
