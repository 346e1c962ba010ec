// The other end of a call in a browser of its own: a caller who hums, or an echo. For FakePhone.

// Runs inside the page.
function install() {
    const kTone_hz = 440;
    const kVolume = 0.2;
    const legs = new Map();

    function listen(context, stream) {
        // A browser decodes what arrives only where an element plays it.
        const audio = new Audio();
        audio.muted = true;
        audio.srcObject = stream;
        void audio.play();
        return context.createMediaStreamSource(stream);
    }

    function hum(context, outlet) {
        const gain = new GainNode(context, { gain: kVolume });
        const tone = new OscillatorNode(context, { frequency: kTone_hz });
        tone.connect(gain).connect(outlet);
        tone.start();
    }

    function telephone_codecs() {
        const { codecs } = RTCRtpReceiver.getCapabilities('audio');
        return codecs.filter((one) => /PCMA|PCMU|telephone-event/.test(one.mimeType));
    }

    function gathered(connection) {
        return new Promise((resolve) => {
            const look = () => connection.iceGatheringState === 'complete' && resolve();
            connection.onicegatheringstatechange = look;
            look();
        });
    }

    globalThis.peer = {
        async set_up(id, is_echo, is_mute) {
            this.close(id);
            const connection = new RTCPeerConnection();
            const context = new AudioContext();
            const analyser = new AnalyserNode(context, { fftSize: 8192 });
            const outlet = context.createMediaStreamDestination();
            const [track] = outlet.stream.getAudioTracks();
            const transceiver = connection.addTransceiver(is_mute ? 'audio' : track, {
                streams: [outlet.stream],
            });
            transceiver.setCodecPreferences(telephone_codecs());
            connection.ontrack = (event) => {
                const stream = event.streams[0] ?? new MediaStream([event.track]);
                const source = listen(context, stream);
                source.connect(analyser);
                is_echo && source.connect(outlet);
            };
            is_echo || hum(context, outlet);
            legs.set(id, { connection, context, analyser });
            await connection.setLocalDescription(await connection.createOffer());
            await gathered(connection);
            return connection.localDescription.sdp;
        },
        describe: (id, sdp) => legs.get(id).connection.setRemoteDescription({ type: 'answer', sdp }),
        close(id) {
            legs.get(id)?.connection.close();
            void legs.get(id)?.context.close();
            legs.delete(id);
        },
        // What arrives now, in dB below full scale.
        level(id) {
            const { analyser } = legs.get(id);
            const samples = new Float32Array(analyser.fftSize);
            analyser.getFloatTimeDomainData(samples);
            const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
            return Math.max(-100, 10 * Math.log10(power + 1e-12));
        },
    };
}

// `page`: one of playwright's, in a browser that lets sound start without a click and does not
// hide its addresses behind names.
export async function peer_in(page) {
    await page.evaluate(install);
    const ask = (name, ...given) =>
        page.evaluate(([what, all]) => globalThis.peer[what](...all), [name, given]);
    return {
        is_mute: false, // the next leg sends no packet at all
        set_up(leg, is_echo) {
            return ask('set_up', leg, is_echo, this.is_mute);
        },
        describe: (leg, sdp) => ask('describe', leg, sdp),
        // The far browser may be gone already, at the end of a test.
        close: (leg) => ask('close', leg).catch(() => {}),
        level: (leg) => ask('level', leg),
    };
}
