# on the full screen: news that is too long for its line ends with a whole word
start
call account_signTransaction '{"value":"0x1234567890abcdef12","chainId":"0x1"}'
shows 'SIGN?'
hangup
shows 'Withdrawn   the caller hung up (Send'
resize 60 24
call account_signTransaction '{"value":"0x3"}'
shows 'Withdrawn: the caller hung up (Send …'
wait 400
press r
reply 'request denied'
