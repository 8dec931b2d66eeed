# on the full screen: a bug that ends the process gives the terminal back before it is told
env NODE_OPTIONS '--import=data:text/javascript,process.once(`SIGUSR2`,()=>{throw(new(Error)(`a-bug`))})'
start
signal SIGUSR2
screen '\x1b[?25h\x1b[?1049l'
screen 'a-bug'
