# whoever mistypes the password is asked again, and it is signed once
start --line
call account_signTransaction '{}'
screen 'Type yes'
read
type yes
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
type passwort-0123456789
screen 'Try again: wrong password, 2 tries left'
screen 'try 2 of 3'
screen 'nothing is shown'
type password-0123456789
reply '"result":{"raw":"0x'
screen 'Signed: 0x'
never password-0
ledger 'outcome password.wrong'
ledger 'outcome /2" signed":"0x'
