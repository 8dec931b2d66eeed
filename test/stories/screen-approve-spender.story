# on the full screen: an allowance without end is confirmed with whom it lets spend, not with the token
start --advanced
call account_signTransaction '{"to":"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48","value":"0x0","data":"0x095ea7b300000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}'
shows '!! CRITICAL   this lets 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 spend ANY'
read
press '\x1b[F'
shows 'the last 4 characters of the address at "!! CRITICAL": ____'
wait 400
press eb48
shows 'is wrong'
press 79c8
shows 'READY'
shows 'a approve'
press '\x0d'
wait 400
shows 'READY'
press a
shows 'Password of'
