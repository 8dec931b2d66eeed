# an unlocked account: the question says that a yes signs at once, and what is left of it
start --line
cleft unlock 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 for 10m uses 1 by loopback:http < password-0123456789
screen 'Unlocked: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 for loopback:http: no password is asked until '
call account_signTransaction '{}'
screen 'password      not asked: unlocked until '
screen ', 1 signature left'
screen 'The account is unlocked: a yes signs at once, no password is asked.'
read
type yes
screen 'Said yes.'
reply '"result"'
screen 'Unlock end: 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 for loopback:http: this unlocking is over'
call account_signTransaction '{"value":"0x7"}'
read
type yes
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
wait 400
type password-0123456789
reply '"result"'
