# on the full screen: three questions come one after another, each with an answer of its own
start
call account_signTransaction '{"value":"0x1"}'
shows 'question 1 of 1'
call account_signTransaction '{"value":"0x2"}'
shows 'question 1 of 2'
call account_signTransaction '{"value":"0x3"}'
shows 'question 1 of 3'
shows 'Send 0.000000000000000001 ETH'
wait 400
press r
reply 'request denied' 1
shows 'question 1 of 2'
shows 'Send 0.000000000000000002 ETH'
press r
press r
wait 400
shows 'Send 0.000000000000000002 ETH'
press r
reply 'request denied' 2
shows 'Send 0.000000000000000003 ETH'
shows 'question 1 of 1'
shows 'READY'
press a
shows 'Password of'
wait 400
type password-0123456789
reply '"result"' 3
shows 'waiting for requests'
