// The stand-in's half of the telephone in the browser: who is it, which legs are there, and what
// is said about them. The other end of the audio is a `peer`: anything with set_up(leg, is_echo),
// which gives the offer's SDP, describe(leg, sdp) and close(leg). Without one nothing is offered.
import { kOwnCall, taken } from './fake-own-call.mjs';

export class FakePhone {
    constructor(centre) {
        this.centre = centre;
        this.peer = null;
        this.forget();
    }

    forget() {
        this.here = null; // the socket of the page that is the telephone
        this.waiting = new Set(); // of pages that wanted to be it
        this.legs = new Map();
        this.next_leg = 17;
        this.said = []; // what pages said, for tests
        this.refusal = null; // { code, message } for the next phone_open
        this.hold_refusal = null; // for the next phone_held
        this.test_refusal = null; // for the next phone_test
    }

    join(socket) {
        socket.on('message', (data) => void this.hear(socket, JSON.parse(String(data))));
        socket.on('close', () => {
            this.waiting.delete(socket);
            this.here === socket && this.let_go();
        });
    }

    async hear(socket, message) {
        this.said.push(message);
        const leg = this.legs.get(message.leg);
        switch (message.type) {
            case 'phone_open':
                return this.open(socket, message.take_over);
            case 'phone_close':
                return this.close(socket);
            case 'phone_described':
                return leg && this.describe(leg, message);
            case 'phone_answered':
                return this.answer(socket, leg);
            case 'phone_held':
                return this.hold(socket, leg, message.held);
            case 'phone_broken':
                return this.offer(message.leg);
            case 'phone_test':
                return this.test(socket, message.wanted);
        }
    }

    async open(socket, take_over) {
        if (this.refusal !== null) {
            this.send(socket, { type: 'refused', ...this.refusal });
            this.refusal = null;
            return;
        }
        if (this.here !== null && this.here !== socket) {
            const other = take_over ? this.here : socket;
            this.waiting.add(other);
            this.send(other, this.place('elsewhere'));
            if (!take_over) {
                return;
            }
        }
        this.waiting.delete(socket);
        this.here = socket;
        this.send(socket, this.place('here'));
        for (const leg of this.legs.keys()) {
            await this.offer(leg);
        }
    }

    async close(socket) {
        if (this.here !== socket) {
            this.send(socket, { type: 'refused', code: 'not_the_phone', message: 'It is not.' });
            return;
        }
        this.send(socket, this.place('off'));
        this.let_go();
        await this.end(() => true);
    }

    // Who waited is told, and forgotten: each has to ask again.
    let_go() {
        this.here = null;
        for (const socket of this.waiting) {
            this.send(socket, this.place('off'));
        }
        this.waiting.clear();
    }

    async describe(leg, { leg: id, sdp }) {
        leg.is_described = true;
        await this.peer.describe(id, sdp);
    }

    answer(socket, leg) {
        if (leg?.is_described !== true) {
            this.send(socket, { type: 'refused', code: 'no_audio', message: 'Not set up yet.' });
            return;
        }
        leg.answered = true;
        if (leg.contact === kOwnCall) {
            taken(this.centre);
        } else {
            this.centre.play('talking');
        }
    }

    hold(socket, leg, is_held) {
        if (this.hold_refusal !== null) {
            this.send(socket, { type: 'refused', ...this.hold_refusal });
            this.hold_refusal = null;
            return;
        }
        leg.held = is_held;
        if (leg.contact === kOwnCall) {
            return;
        }
        this.centre.play(is_held ? 'on_hold' : 'talking');
    }

    place(state) {
        const legs = state === 'here' ? Array.from(this.legs.keys()) : [];
        return { type: 'phone', state, ice_servers: [], legs };
    }

    test(socket, is_wanted) {
        if (is_wanted && this.test_refusal !== null) {
            this.send(socket, { type: 'refused', ...this.test_refusal });
            this.test_refusal = null;
            return;
        }
        return is_wanted ? this.add(null) : this.end((one) => one.contact === null);
    }

    // A leg for a contact that is presented, or with null one on which the agent hears himself.
    async add(contact) {
        if (this.here === null || this.peer === null) {
            return;
        }
        const leg = this.next_leg;
        this.next_leg += 1;
        this.legs.set(leg, { contact, answered: false, held: false });
        await this.offer(leg);
    }

    async offer(leg) {
        const { contact, answered, held } = this.legs.get(leg);
        this.legs.get(leg).is_described = false;
        // Of a leg that is closed while it is set up nothing comes until the far browser is gone.
        const sdp = await this.peer.set_up(leg, contact === null).catch(() => null);
        if (sdp !== null && this.here !== null && this.legs.has(leg)) {
            this.send(this.here, { type: 'phone_offer', leg, contact, answered, held, sdp });
        }
    }

    end_all(reason) {
        return this.end(() => true, reason);
    }

    async end(is_over, reason = 'ended') {
        for (const [leg, one] of this.legs) {
            if (is_over(one)) {
                this.legs.delete(leg);
                this.here && this.send(this.here, { type: 'phone_over', leg, reason });
                await this.peer?.close(leg);
            }
        }
    }

    // What the floor's change means for the telephone.
    follow(contact) {
        const has_leg = Array.from(this.legs.values()).some((one) => one.contact === contact?.id);
        if (contact === null) {
            void this.end((one) => one.contact !== null);
        } else if ((contact.state === 'alerting' || contact.id === kOwnCall) && !has_leg) {
            void this.add(contact.id);
        }
    }

    send(socket, message) {
        socket.send(JSON.stringify(message));
    }
}
