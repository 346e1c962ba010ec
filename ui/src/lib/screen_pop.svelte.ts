// ScreenPop: the page of the customer system, in one window for all contacts.
const kWindowName = 'lanze-customer';

export class ScreenPop {
    is_blocked = $state(false); // by the browser, which wants a press of a key or button

    private shown_ = '';
    private frame_: HTMLIFrameElement | null = null;

    open(address: string): void {
        this.shown_ = address;
        this.is_blocked = this.opener_().open(address, kWindowName) === null;
    }

    // By itself, once for each contact.
    open_once(address: string): void {
        if (address !== this.shown_) {
            this.open(address);
        }
    }

    // With `noopener` each contact would get a window of its own, for nobody could find the last one.
    // An opener that page may send elsewhere, so its opener is an empty frame: that our CSP lets go
    // nowhere, and the desk itself is out of that page's reach.
    private opener_(): Window {
        if (this.frame_ === null) {
            this.frame_ = document.createElement('iframe');
            this.frame_.hidden = true;
            this.frame_.title = 'Lanze';
            document.body.append(this.frame_);
        }
        return this.frame_.contentWindow ?? window;
    }
}
