# a password that is typed too early, into the wrong question, is not echoed
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
wait 400
type password-0123456789
screen 'Rejected.'
reply 'request denied'
never 'password-0'
never 'pass'
