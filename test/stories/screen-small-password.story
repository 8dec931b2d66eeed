# on a small full screen: what is paid to whom stays there while the password is typed
start
resize 40 10
call account_signTransaction '{"to":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","value":"0xde0b6b3a7640000"}'
shows 'Not yet: '
read
press '\x1b[F'
shows 'READY'
wait 400
press a
shows 'Password'
shows 'Send 1 ETH on'
shows '0x70997970C51812dc3A010'
wait 400
type wrong-password
shows 'try 2 of 3'
shows 'Send 1 ETH on'
shows '0x70997970C51812dc3A010'
wait 400
type password-0123456789
reply '"result"'
