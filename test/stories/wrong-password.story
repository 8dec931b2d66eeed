# a wrong password signs nothing, and the ledger knows the attempt
start --line
call account_signTransaction '{}'
screen 'Type yes'
read
type yes
screen 'Password of'
type wrong
screen 'Not signed: could not decrypt key with given password'
reply 'could not decrypt key with given password'
ledger 'outcome signed":false password.wrong'
