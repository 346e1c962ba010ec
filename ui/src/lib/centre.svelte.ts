// Centre: the page's connection to the centre: who is signed in, the live picture, commands.
import {
    api,
    live_address,
    type Answer,
    type ApiError,
    type Contact,
    type Dialled,
    type Session,
    type Target,
} from './api';
import { situation_of } from './desk';
import { merge, parse_message, type Live } from './live';
import { dial_error, unreached } from './own_call';
import { CentreClock, parse_time, retry_delay_ms } from './time';

export type Connection = 'connecting' | 'open' | 'interrupted';

const kTickMs = 500;
// The centre pings each 20 s, which a page cannot see; so after silence it asks by itself.
const kSilenceMs = 25_000;
// A socket that says nothing for so long after it was opened will not come to anything.
const kSnapshotWithinMs = 10_000;

// Milliseconds that grow steadily, whatever somebody does to this machine's clock.
function local_now(): number {
    return performance.timeOrigin + performance.now();
}

// Who speaks on the live connection besides the picture: the agent's telephone.
export interface Telephone {
    opened: () => void;
    broke: () => void;
    left: () => void; // signed out
    heard: (text: string) => boolean; // false: this is no message of the telephone's
}

// Who hears what is written in chats.
export interface Correspondence {
    heard: (text: string) => boolean; // false: this is no message of a chat
    left: () => void; // signed out
}

export class Centre {
    chats: Correspondence | null = null;
    telephone: Telephone | null = null;
    // What must be with the centre before a wrap-up ends: the notes of its contact.
    save_notes: (() => Promise<boolean>) | null = null; // false: they are not saved
    // undefined: not known yet, null: nobody is signed in.
    session = $state.raw<Session | null | undefined>(undefined);
    live = $state.raw<Live | null>(null);
    connection = $state<Connection>('connecting');
    has_session_ended = $state(false);
    // The centre's time in milliseconds, moving on twice a second.
    now = $state(Date.now());
    seen_at = $state(0);
    retry_at = $state(0);
    error = $state.raw<ApiError | null>(null);
    unreached = $state.raw<Dialled | null>(null); // the own call that came to nothing, to be told

    private remembered_ = $state.raw<Contact | null>(null);
    situation = $derived(situation_of(this.live, this.session?.agent ?? null, this.remembered_));

    private clock_ = new CentreClock();
    private socket_: WebSocket | null = null;
    private attempt_ = 0;
    private retry_timer_: ReturnType<typeof setTimeout> | undefined;
    private heard_at_ = 0;
    private is_command_under_way_ = false;

    is_supervisor = $derived(
        this.session?.roles.some((role) => role === 'supervisor' || role === 'administrator') ??
            false,
    );
    is_planner = $derived(this.session?.roles.includes('planner') ?? false);
    has_desk = $derived(
        (this.session?.roles.includes('agent') ?? false) && (this.session?.agent ?? null) !== null,
    );

    constructor() {
        setInterval(() => this.tick_(), kTickMs);
        addEventListener('online', () => this.retry_now());
        document.addEventListener('visibilitychange', () => {
            if (!document.hidden && this.connection === 'interrupted') {
                this.retry_now();
            }
        });
    }

    async resume_session(): Promise<void> {
        const answer = await api.session();
        if (answer.is_ok) {
            this.enter_(answer.value);
            return;
        }
        if (answer.error.status === 401) {
            this.session = null;
            return;
        }
        this.connection = 'interrupted';
        this.retry_later_();
    }

    async sign_in(name: string, password: string): Promise<Answer<Session>> {
        const answer = await api.sign_in(name, password);
        if (answer.is_ok) {
            this.enter_(answer.value);
        }
        return answer;
    }

    sign_out(): Promise<void> {
        return this.leave_by_(api.sign_out);
    }

    sign_out_everywhere(): Promise<void> {
        return this.leave_by_(api.sign_out_everywhere);
    }

    private async leave_by_(send: () => Promise<Answer<null>>): Promise<void> {
        const answer = await send();
        if (answer.is_ok || answer.error.status === 401) {
            this.leave_(false);
        } else {
            this.error = answer.error;
        }
    }

    // Sends one command of the desk; a second press while it is under way does nothing.
    async command(send: () => Promise<Answer<unknown>>): Promise<boolean> {
        if (this.is_command_under_way_ || this.connection !== 'open') {
            return false;
        }
        this.is_command_under_way_ = true;
        const answer = await send();
        this.is_command_under_way_ = false;
        this.error = answer.is_ok ? null : answer.error;
        if (!answer.is_ok && answer.error.status === 401) {
            this.leave_(true);
        }
        return answer.is_ok;
    }

    // Calls somebody without a caller.
    async dial(target: Target): Promise<boolean> {
        this.unreached = null;
        return this.command(async () => {
            const answer = await api.dial(target);
            return answer.is_ok
                ? answer
                : { is_ok: false, error: dial_error(answer.error, target) };
        });
    }

    // Says something on the live connection; nothing while it is interrupted.
    say(message: object): void {
        if (this.socket_?.readyState === WebSocket.OPEN) {
            this.socket_.send(JSON.stringify(message));
        }
    }

    // Of something that was asked for on the live connection.
    tell_refusal(code: string, message: string): void {
        this.error = { status: 409, code, message, retry_after_s: null };
    }

    retry_now(): void {
        if (this.connection !== 'interrupted') {
            return;
        }
        clearTimeout(this.retry_timer_);
        void this.retry_();
    }

    private enter_(session: Session): void {
        this.session = session;
        this.has_session_ended = false;
        this.connect_();
    }

    private leave_(has_ended: boolean): void {
        clearTimeout(this.retry_timer_);
        this.telephone?.left();
        this.chats?.left();
        this.drop_socket_();
        this.session = null;
        this.live = null;
        this.error = null;
        this.unreached = null;
        this.remembered_ = null;
        this.has_session_ended = has_ended;
        this.connection = 'connecting';
    }

    private drop_socket_(): void {
        const socket = this.socket_;
        this.socket_ = null;
        socket?.close(1000);
    }

    private connect_(): void {
        this.drop_socket_();
        const socket = new WebSocket(live_address(location));
        this.socket_ = socket;
        this.heard_at_ = local_now();
        socket.onmessage = (event) => this.hear_(socket, String(event.data));
        socket.onclose = () => this.break_(socket);
    }

    private hear_(socket: WebSocket, text: string): void {
        if (socket !== this.socket_) {
            return;
        }
        this.heard_at_ = local_now();
        const message = parse_message(text);
        if (message === null) {
            const is_known = this.telephone?.heard(text) === true || this.chats?.heard(text) === true;
            return is_known ? undefined : this.break_(socket);
        }
        const at_ms = parse_time(message.at);
        const is_first = this.connection !== 'open';
        if (message.type === 'snapshot') {
            this.clock_.start(at_ms, this.heard_at_);
            this.connection = 'open';
            this.attempt_ = 0;
        } else {
            this.clock_.learn(at_ms, this.heard_at_);
        }
        const before = this.situation;
        this.live = merge(this.live, message);
        this.now = this.clock_.now(this.heard_at_);
        this.seen_at = this.now;
        this.remembered_ = this.situation?.contact ?? null;
        this.unreached = unreached(this.unreached, before, this.situation);
        if (is_first && this.has_desk) {
            this.telephone?.opened();
        }
    }

    private break_(socket: WebSocket): void {
        if (socket !== this.socket_) {
            return;
        }
        this.drop_socket_();
        this.connection = 'interrupted';
        this.telephone?.broke();
        this.retry_later_();
    }

    private retry_later_(): void {
        const delay_ms = retry_delay_ms(this.attempt_, Math.random());
        this.attempt_ += 1;
        this.retry_at = this.clock_.now(local_now()) + delay_ms;
        clearTimeout(this.retry_timer_);
        this.retry_timer_ = setTimeout(() => void this.retry_(), delay_ms);
    }

    // A refused WebSocket does not say why, so the session is asked for first.
    private async retry_(): Promise<void> {
        if (this.session === undefined) {
            return this.resume_session();
        }
        const answer = await api.session();
        if (this.connection !== 'interrupted') {
            return;
        }
        if (answer.is_ok) {
            return this.connect_();
        }
        if (answer.error.status === 401) {
            return this.leave_(true);
        }
        this.retry_later_();
    }

    private tick_(): void {
        const local_ms = local_now();
        this.now = this.clock_.now(local_ms);
        if (this.socket_ === null) {
            return;
        }
        const silent_ms = local_ms - this.heard_at_;
        if (this.connection === 'open' && silent_ms > kSilenceMs) {
            this.heard_at_ = local_ms;
            void this.ask_after_silence_();
        } else if (this.connection !== 'open' && silent_ms > kSnapshotWithinMs) {
            this.break_(this.socket_);
        }
    }

    private async ask_after_silence_(): Promise<void> {
        const socket = this.socket_;
        const answer = await api.health();
        if (socket !== null && !answer.is_ok && answer.error.status === 0) {
            this.break_(socket);
        } else {
            this.seen_at = this.clock_.now(local_now());
        }
    }
}
