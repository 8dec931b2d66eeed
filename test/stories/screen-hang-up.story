# on the full screen: a caller that hangs up takes its question with it, and its keys don't reach the next
start
call account_signTransaction '{"value":"0x1"}'
shows 'READY'
hangup
shows 'Withdrawn   the caller hung up'
hides 'SIGN?'
press a
press '\x0d'
shows 'waiting for requests'
call account_signTransaction '{"value":"0x3"}'
shows 'Send 0.000000000000000003 ETH'
wait 400
press r
reply 'request denied'
