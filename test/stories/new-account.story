# a caller asks for a new account: the password is typed twice, and a slip is caught
start --line
call account_new
screen 'CREATE?       Make a new account for the caller'
read
type yes
screen 'Password of the new account (at least 10 characters)'
type a-good-password
screen 'The same password once more'
type a-good-passwort
screen 'the two passwords differ'
screen 'Password of the new account (at least 10 characters), try 2 of 3'
type a-good-password
screen 'The same password once more'
type a-good-password
screen 'Created: 0x'
screen 'back this file up'
never a-good
reply '"result":"0x'
ledger 'creation account_new decider":"person'
