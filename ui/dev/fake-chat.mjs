// The stand-in's chats: what is written with anna, and what her page sends.

const kChat = 31;
const kAnna = 3;
const kCaller = 'Lena Petersen <web>';
const kLines = [
    ['caller', 'Guten Tag, meine Karte ist weg.'],
    ['agent', 'Guten Tag! Ich sperre sie gleich. Seit wann vermissen Sie sie?'],
    ['caller', 'Seit gestern Abend.\nHier ist ein Bild meines Vertrags.'],
];

// What a scene makes of anna's chat; null: she has none.
export const kChatScenes = {
    chat_alerting: 'alerting',
    chat: 'talking',
    chat_beside_call: 'talking',
    chat_wrap_up: 'wrap_up',
};

export class FakeChat {
    constructor(centre) {
        this.centre = centre;
        this.lines = [];
        this.is_away = false; // with a colleague, with what was written
    }

    // Null: this is no chat.
    caller_of(contact) {
        return contact === kChat ? kCaller : null;
    }

    // Her agent's part, and the contact (null: over, or none).
    play(scene) {
        const { centre } = this;
        this.is_away &&= scene === 'chat_wrap_up';
        const state = kChatScenes[scene] ?? null;
        const since = centre.time(-40);
        const until = { alerting: centre.time(12), wrap_up: centre.time(25) }[state] ?? null;
        this.written =
            state === null
                ? []
                : [{ contact: kChat, state, since, until, is_wrap_up_extended: false }];
        this.contact =
            state === null || state === 'wrap_up'
                ? null
                : {
                      id: kChat,
                      queue: 2,
                      channel: 'chat',
                      state,
                      queued: centre.time(-95),
                      since,
                      agent: kAnna,
                      caller: kCaller,
                      priority: 5,
                      step: 0,
                      is_overdue: false,
                      needs: {},
                      told_wait: null,
                  };
        if (state !== 'wrap_up' || this.lines.length === 0) {
            this.lines = kLines.map(([side, text], i) => this.line(i + 1, side, text));
            this.lines.push({ ...this.line(4, 'caller', 'vertrag.pdf'), file: 1 });
        }
        return this;
    }

    line(number, side, text) {
        return { number, at: this.centre.time(number * 10 - 90), side, text, file: null };
    }

    // All that was written, to who may read it.
    whole() {
        return !this.is_away && this.written.some((one) => one.state !== 'alerting')
            ? [{ type: 'chat', contact: kChat, lines: this.lines }]
            : [];
    }

    tell(message) {
        for (const [socket, person] of this.centre.sockets) {
            if (person.agent === kAnna) {
                socket.send(JSON.stringify(message));
            }
        }
    }

    // A line of the other side; she may see before that somebody types.
    types() {
        this.tell({ type: 'chat_typing', contact: kChat });
    }

    add(side, text, file = null) {
        const line = { ...this.line(this.lines.length + 1, side, text), file };
        this.lines.push(line);
        this.tell({ type: 'chat_line', contact: kChat, line });
    }

    // True: the message was about a chat.
    hear(message) {
        if (message.type === 'chat_say') {
            this.add('agent', message.text);
        } else if (message.type === 'chat_typing') {
            this.centre.said.push({ path: 'chat_typing', contact: message.contact });
        } else {
            return false;
        }
        return true;
    }
}

// What the chat's commands do.
export const kChatEffects = {
    [`/desk/chats/${kChat}/take`]: (centre) => centre.play('chat'),
    [`/desk/chats/${kChat}/reject`]: (centre) => centre.play('ready'),
    [`/desk/chats/${kChat}/hang-up`]: (centre) => centre.play('chat_wrap_up'),
    [`/desk/chats/${kChat}/transfer`]: (centre) => {
        centre.chat.is_away = true;
        centre.play('chat_wrap_up');
    },
    [`/desk/chats/${kChat}/wrap-up/end`]: (centre) => centre.play('ready'),
    [`/desk/chats/${kChat}/wrap-up/extend`]: () => {},
};
export const kFilesPath = `/desk/chats/${kChat}/files`;
