# a critical finding is confirmed with the recipient's last characters, a plain yes is not enough
start --line --advanced
call account_signTransaction '{"to":"0x0000000000000000000000000000000000000000"}'
screen '!! CRITICAL   Transaction recipient is the zero address'
screen 'type yes, a space and the last 4 characters of'
screen 'the address at "to"; anything else'
read
type yes
screen 'Rejected.'
reply 'request denied'
call account_signTransaction '{"to":"0x0000000000000000000000000000000000000000"}'
screen 'type yes, a space and the last 4 characters'
read
type 'yes 0000'
screen 'Said yes.'
screen 'Password of'
type password-0123456789
reply '"result"'
