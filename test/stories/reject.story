# anything but yes is a no, and a no is final
start --line
call account_signTransaction '{}'
screen 'Type yes and Enter to approve'
wait 400
type yse
screen 'Rejected.'
reply 'request denied'
ledger 'refusal request.denied'
never 'Password of'
