import './base.css';
import './what-if.css';
