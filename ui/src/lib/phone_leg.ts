// One leg's connection to the centre: WebRTC, always answering the centre's offer.
import type { IceServer } from './phone_protocol';
import { sample_of, type Sample } from './phone_quality';
import type { Link } from './phone_state';

// A connection that says nothing for so long is broken, though the browser still hopes.
const kDisconnectedMs = 2000;
const kConnectMs = 10_000;
const kDigitMs = 160;
const kDigitGapMs = 70;

export interface LegHears {
    linked: (link: Link) => void;
    arrived: (stream: MediaStream) => void;
}

export class PhoneLeg {
    private readonly connection_: RTCPeerConnection;
    private readonly hears_: LegHears;
    private sender_: RTCRtpSender | null = null;
    private track_: MediaStreamTrack | null = null;
    private patience_: ReturnType<typeof setTimeout> | undefined;

    constructor(ice_servers: IceServer[], hears: LegHears) {
        this.hears_ = hears;
        this.connection_ = new RTCPeerConnection({
            iceServers: ice_servers,
            bundlePolicy: 'max-bundle',
        });
        this.connection_.onconnectionstatechange = () => this.follow_();
        this.connection_.ontrack = (event) => {
            hears.arrived(event.streams[0] ?? new MediaStream([event.track]));
        };
        this.break_after_(kConnectMs);
    }

    // The answer, at once: the centre learns our addresses from our checks (RFC 8445, lite).
    async describe(sdp: string): Promise<string> {
        await this.connection_.setRemoteDescription({ type: 'offer', sdp });
        const transceiver = this.connection_.getTransceivers()[0];
        if (transceiver === undefined) {
            throw new Error('the offer has no audio');
        }
        transceiver.direction = 'sendrecv';
        this.sender_ = transceiver.sender;
        await this.sender_.replaceTrack(this.track_);
        const answer = await this.connection_.createAnswer();
        await this.connection_.setLocalDescription(answer);
        return this.connection_.localDescription?.sdp ?? answer.sdp ?? '';
    }

    // What the centre hears; null: nothing, not even silence.
    async send(track: MediaStreamTrack | null): Promise<void> {
        if (this.track_ === track) {
            return;
        }
        this.track_ = track;
        await this.sender_?.replaceTrack(track);
    }

    // False where the other side takes no digits, or not yet.
    press(digit: string): boolean {
        const dtmf = this.sender_?.dtmf ?? null;
        if (dtmf === null || !dtmf.canInsertDTMF) {
            return false;
        }
        dtmf.insertDTMF(dtmf.toneBuffer + digit, kDigitMs, kDigitGapMs);
        return true;
    }

    async sample(): Promise<Sample | null> {
        const entries: Record<string, unknown>[] = [];
        (await this.connection_.getStats()).forEach((one) => entries.push(one));
        return sample_of(entries, performance.now());
    }

    close(): void {
        clearTimeout(this.patience_);
        this.connection_.onconnectionstatechange = null;
        this.connection_.ontrack = null;
        this.connection_.close();
    }

    private break_after_(delay_ms: number): void {
        clearTimeout(this.patience_);
        this.patience_ = setTimeout(() => this.hears_.linked('broken'), delay_ms);
    }

    private follow_(): void {
        switch (this.connection_.connectionState) {
            case 'connected':
                clearTimeout(this.patience_);
                return this.hears_.linked('open');
            case 'disconnected':
            case 'closed': // by the other side; that the leg is over would be said in these 2 s
                return this.break_after_(kDisconnectedMs);
            case 'failed':
                return this.break_after_(0);
        }
    }
}
