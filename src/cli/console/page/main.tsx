import { render } from 'preact';
import './style/base.css';
import './style/frame.css';
import './style/picture.css';
import './style/parts.css';
import './style/terminal.css';
import { App } from './app.tsx';

render(<App />, document.getElementById('page')!);
