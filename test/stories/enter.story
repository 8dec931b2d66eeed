# Enter alone is a no
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
read
press '\x0d'
screen 'Rejected.'
reply 'request denied'
