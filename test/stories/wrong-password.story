# three wrong passwords sign nothing and end the request, and the ledger knows each attempt
start --line
call account_signTransaction '{}'
screen 'Type yes'
read
type yes
screen 'Password of'
type wrong
screen 'Try again: wrong password, 2 tries left'
screen 'nothing is shown'
type wrong
screen 'Try again: wrong password, 1 try left'
screen 'nothing is shown'
type wrong
screen 'Not signed: wrong password'
reply 'could not decrypt key with given password'
ledger 'outcome signed":false password.wrong'
ledger 'outcome /3" signed":false password.wrong'
