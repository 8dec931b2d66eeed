# an account's name stands where the account does, and can be given while the signer runs
start --line
cleft account label 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 Savings
call account_signTransaction '{"to":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}'
screen '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 (your "Savings")'
screen '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
read
type no
call account_list
screen '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 (your "Savings")'
read
type no
cleft account label 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 ''
call account_signTransaction '{"value":"0x7"}'
screen 'from          0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\x0d'
