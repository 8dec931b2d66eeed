# on the full screen: a payment is read, approved by a key, signed with the password and recorded
start
shows 'http://127.0.0.1:'
shows 'none yet'
call account_signTransaction '{"value":"0xde0b6b3a7640000"}' user-agent=viem/2.0
shows 'question 1 of 1'
shows 'expires in '
shows 'SIGN?         Send 1 ETH on Ethereum (chain 1)'
shows 'asked by      any program on this machine (loopback:http), not verified'
shows 'total at most 1.000063 ETH'
shows 'from          0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
shows 'to            0x000000000000000000000000000000000000dEaD'
shows 'Not yet: a yes counts in'
shows 'READY   press a to approve'
press a
shows 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
shows 'Said yes: Send 1 ETH'
shows 'to            0x000000000000000000000000000000000000dEaD'
wait 400
type password-0123456789
reply '"result":{"raw":"0x02f8'
shows 'waiting for requests'
shows 'Signed'
ledger 'intent decider":"person valueWei":"1000000000000000000'
ledger 'outcome signed":"0x'
never 'password-0123456789'
never 'password-0'
