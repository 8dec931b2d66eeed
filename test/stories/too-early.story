# keys meant for what was there before are dropped, and a yes that nobody can have read is asked again
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
press 'yes\x0d'
wait 500
type yes
screen 'That was faster than anybody reads'
screen 'Type yes and Enter to approve'
never 'Said yes.'
read
type yes
screen 'Said yes.'
screen 'Password of'
type password-0123456789
reply '"result"'
