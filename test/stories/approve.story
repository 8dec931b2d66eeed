# a payment is read, approved with the password, signed and recorded
start --line
call account_signTransaction '{"value":"0xde0b6b3a7640000"}' user-agent=viem/2.0
screen 'Send 1 ETH on Ethereum (chain 1)'
screen 'asked by      any program on this machine (loopback:http), not verified'
screen 'claims to be  "viem/2.0"'
screen 'amount        1 ETH'
screen 'to            0x000000000000000000000000000000000000dEaD'
screen 'from          0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
screen 'fee at most   0.000063 ETH'
screen 'total at most 1.000063 ETH'
screen 'Type yes and Enter to approve'
read
type yes
screen 'Said yes.'
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
type password-0123456789
screen 'Signed: 0x'
reply '"result":{"raw":"0x02f8'
ledger 'intent decider":"person valueWei":"1000000000000000000'
ledger 'outcome signed":"0x'
never 'password-0123456789'
never '\x1b'
