"""The Telegram side: an update received, kept, read, handled, answered and sent.

Received by `updates` into the inbox, taken up by `lanes` (one per chat), read by `events`, answered by `handlers` in
the words of `render` and `markup`, kept by `compose`, sent by `outbox` through `bot_api` at the `pace` Telegram allows.
"""
