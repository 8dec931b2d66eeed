# on the full screen: a lock is seen, refuses what waits and what comes, and so is its end
start
call account_signTransaction '{"value":"0x1"}'
shows 'SIGN?'
cleft lock
reply 'the signer is locked'
shows 'LOCKED   to unlock: cleft unlock'
hides 'waiting for requests'
shows 'Withdrawn   the signer is locked (Send'
shows 'Locked      whatever waits or comes is refused until cleft unlock'
call account_signTransaction '{"value":"0x2"}'
reply 'the signer is locked'
shows 'LOCKED   to unlock'
cleft unlock
shows 'waiting for requests'
shows 'Nothing waits for you.'
shows 'Unlocked    requests are asked about again'
call account_signTransaction '{"value":"0x3"}'
shows 'Send 0.000000000000000003 ETH'
wait 400
press r
reply 'request denied'
