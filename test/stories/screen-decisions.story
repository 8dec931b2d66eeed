# on the full screen: a yes is no signature yet, and the list of decisions says what became of it
start
call account_signTransaction '{"value":"0xde0b6b3a7640000"}'
shows 'READY'
press a
shows 'Said yes: Send 1 ETH on Ethereum'
shows 'Password of'
wait 400
press '\x1b'
reply 'request denied'
shows 'waiting for requests'
shows 'Said yes    Send 1 ETH on Ethereum'
shows 'Not signed  no password was given at the window'
never 'Approved'
